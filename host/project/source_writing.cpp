#include "ktx/project/source_writing.hpp"

#include <algorithm>
#include <variant>

#include "ktx/project/yaml_document.hpp"
#include "ktx/project/yaml_emitter.hpp"

namespace ktx::project {
namespace {

bool is_plain_in_a_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

}  // namespace

std::string source_yaml(const Json& definition) {
  const auto document = parse_yaml(compact_json(definition));  // JSON is YAML
  if (const auto* fault = std::get_if<YamlFault>(&document)) {
    throw Error(ErrorKind::project, "A source cannot be written: " + fault->message);
  }
  return to_yaml(std::get<YamlNode>(document));
}

std::string source_file_name(const std::string& source) {
  std::string name = source;
  std::ranges::replace_if(
      name, [](char c) { return !is_plain_in_a_name(c); }, '_');
  if (name.empty() || name[0] == '-') name.insert(0, "_");
  return name + ".yaml";
}

}  // namespace ktx::project
