#include "connection_settings.hpp"

#include <string>

#include "ktx/project/config.hpp"
#include "ktx/yaml/node.hpp"

namespace ktx::database {
namespace {

/// Puts what references stand for into their places, however deep they are.
void resolve_references(Json& value, const std::string& setting, const Environment& environment,
                        const std::filesystem::path& project_directory) {
  if (value.is_string()) {
    value = project::resolve_secret(value.get<std::string>(), setting, environment, project_directory);
  } else if (value.is_object()) {
    for (auto& [key, member] : value.items()) {
      std::string inner = setting + ".";
      inner += key;
      resolve_references(member, inner, environment, project_directory);
    }
  } else if (value.is_array()) {
    for (Json& item : value) resolve_references(item, setting, environment, project_directory);
  }
}

}  // namespace

Json connection_request(const project::Connection& connection, const Environment& environment,
                        const std::filesystem::path& project_directory) {
  std::string text;
  project::append_json(text, connection.settings);
  Json settings = parse_json(text, "connections." + connection.id, ErrorKind::internal);
  resolve_references(settings, "connections." + connection.id, environment, project_directory);
  return {{"connection_id", connection.id},
          {"driver", connection.driver.value_or("")},
          {"settings", std::move(settings)},
          {"project_directory", project_directory.string()}};
}

}  // namespace ktx::database
