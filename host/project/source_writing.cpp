#include "ktx/project/source_writing.hpp"

#include <algorithm>

#include "yaml_writing.hpp"

namespace ktx::project {
namespace {

bool is_plain_in_a_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

}  // namespace

std::string source_yaml(const Json& definition) {
  std::string text;
  for (const auto& [key, value] : definition.items()) {
    text += write_yaml_entry(key, value, YamlStyle::block) + "\n";
  }
  return text;
}

std::string source_file_name(const std::string& source) {
  std::string name = source;
  std::ranges::replace_if(name, [](char c) { return !is_plain_in_a_name(c); }, '_');
  if (name.empty() || name[0] == '-') name.insert(0, "_");
  return name + ".yaml";
}

}  // namespace ktx::project
