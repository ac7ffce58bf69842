#include "ktx/project/secret_reference.hpp"

#include <string_view>

#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"

namespace ktx::project {
namespace {

constexpr std::string_view environment_prefix = "env:";
constexpr std::string_view file_prefix = "file:";

std::string trimmed(const std::string& text) {
  constexpr std::string_view white_space = " \t\r\n";
  const auto first = text.find_first_not_of(white_space);
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(white_space) - first + 1);
}

std::string read_secret(const std::filesystem::path& path, const std::string& what) {
  const auto text = read_file_if_exists(path);
  if (!text) {
    throw Error(ErrorKind::connection,
                what + " refers to the file " + path.string() + ", which does not exist",
                "Create the file, or correct " + what + " in ktx.yaml");
  }
  return trimmed(*text);
}

}  // namespace

std::string resolve_secret(const std::string& reference, const std::string& what,
                           const Environment& environment, const std::filesystem::path& project_directory) {
  if (reference.starts_with(environment_prefix)) {
    const std::string name = reference.substr(environment_prefix.size());
    if (auto value = environment.variable(name)) return *value;
    throw Error(ErrorKind::connection,
                what + " refers to the environment variable " + name + ", which is not set",
                "Set " + name + ", or correct " + what + " in ktx.yaml");
  }
  if (reference.starts_with(file_prefix)) {
    return read_secret(project_directory / reference.substr(file_prefix.size()), what);
  }
  return reference;
}

}  // namespace ktx::project
