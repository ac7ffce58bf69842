#include "ktx/app/new_connection.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "ktx/app/usage_error.hpp"
#include "ktx/database/connection_settings.hpp"
#include "ktx/semantic/driver.hpp"
#include "ktx/util/text.hpp"

namespace ktx::app {
namespace {

void put(Json& mapping, const std::string& key, Json value) {
  if (mapping.contains(key)) throw usage_error("The setting " + key + " is given twice");
  mapping[key] = std::move(value);
}

// The mapping without `readonly`, so that `missing_place` can count what is left.
Json settings_of(const NewConnection& connection) {
  Json mapping = {{"driver", lower_case(connection.driver)}};
  if (connection.url) mapping["url"] = *connection.url;
  if (connection.path) mapping["path"] = *connection.path;
  if (connection.host) mapping["host"] = *connection.host;
  if (connection.port) mapping["port"] = *connection.port;
  if (connection.database) mapping["database"] = *connection.database;
  if (connection.user) mapping["user"] = *connection.user;
  if (connection.password) mapping["password"] = *connection.password;
  if (!connection.schemas.empty()) mapping["schemas"] = connection.schemas;
  for (const auto& [key, value] : connection.settings) put(mapping, key, value);
  return mapping;
}

bool is_variable_name(std::string_view name) {
  // Names of variables as POSIX shells take them. Not isalpha(), which depends on the locale.
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto allowed = [&](char c) {
    return c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || is_digit(c);
  };
  return !name.empty() && std::ranges::all_of(name, allowed) && !is_digit(name[0]);
}

}  // namespace

void check_new_driver(const std::string& driver) {
  if (semantic::find_driver(driver) != nullptr) return;
  const std::string meant = database::closest_driver(driver);
  throw usage_error("The driver \"" + driver + "\" is not known" +
                    (meant.empty() ? "" : "; did you mean \"" + meant + "\"?") +
                    "\nUse one of: " + comma_separated(semantic::driver_names()));
}

MissingPlace missing_place(const NewConnection& connection) {
  const Json mapping = settings_of(connection);
  const semantic::Driver* driver = semantic::find_driver(connection.driver);
  const bool is_file = driver != nullptr && driver->is_file();
  if (is_file && !mapping.contains("path") && !mapping.contains("url")) return MissingPlace::file;
  // Only the driver: for a server any setting may say where it is, for each driver has its own (account,
  // project, host).
  return mapping.size() == 1 ? MissingPlace::server : MissingPlace::none;
}

Json connection_mapping(const NewConnection& connection) {
  check_new_driver(connection.driver);
  if (missing_place(connection) != MissingPlace::none) {
    throw usage_error("Nothing says where the database of the connection " + connection.id + " is");
  }
  Json mapping = settings_of(connection);
  put(mapping, "readonly", connection.readonly);
  return mapping;
}

std::vector<std::string> literal_credentials(const Json& mapping) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : mapping.items()) {
    if (!value.is_string()) {
      // A password of digits alone is a number in YAML.
      if (database::is_secret_key(key) && value.is_number()) keys.push_back(key);
      continue;
    }
    const auto& text = value.get_ref<const std::string&>();
    if (database::is_reference(text)) continue;
    // A key such as private_key_file names a file, not the secret in it.
    const bool is_path = key.ends_with("_path") || key.ends_with("_file");
    if ((database::is_secret_key(key) && !is_path) || database::holds_credential(text)) keys.push_back(key);
  }
  return keys;
}

bool is_secret_reference(const std::string& text) {
  constexpr std::string_view variable = "env:";
  constexpr std::string_view file = "file:";
  const std::string_view view = text;
  if (view.starts_with(variable)) return is_variable_name(view.substr(variable.size()));
  return view.starts_with(file) && view.size() > file.size();
}

bool has_password(const std::string& address) {
  constexpr std::array<std::string_view, 4> parameters = {"password=", "pwd=", "token=", "secret="};
  const std::string lowered = lower_case(address);
  const auto is_in = [&](std::string_view name) { return lowered.find(name) != std::string::npos; };
  if (std::ranges::any_of(parameters, is_in)) return true;
  const auto scheme = address.find("://");
  if (scheme == std::string::npos) return false;
  const auto begin = scheme + 3;
  // Up to the last @: people write passwords with an unescaped @ in them.
  const auto at = address.rfind('@');
  return at != std::string::npos && at > begin &&
         address.substr(begin, at - begin).find(':') != std::string::npos;
}

}  // namespace ktx::app
