#include "new_connection.hpp"

#include <algorithm>
#include <charconv>

#include "commands/usage_error.hpp"
#include "ktx/database/connection_location.hpp"
#include "ktx/database/driver.hpp"
#include "ktx/util/text.hpp"

namespace ktx::cli {
namespace {

void check_new_driver(const std::string& driver) {
  if (database::is_known_driver(driver)) return;
  const std::string meant = database::closest_driver(driver);
  throw usage_error("The driver \"" + driver + "\" is not known" +
                    (meant.empty() ? "" : "; did you mean \"" + meant + "\"?") +
                    "\nUse one of: " + comma_separated(database::driver_names()));
}

/// true, false and whole numbers are what they look like; anything else is text.
Json setting_value(const std::string& text) {
  if (text == "true" || text == "false") return text == "true";
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  const bool whole = read.ec == std::errc() && read.ptr == end && std::to_string(number) == text;
  return whole ? Json(number) : Json(text);
}

void put(Json& mapping, const std::string& key, Json value) {
  if (mapping.contains(key)) throw usage_error("The setting " + key + " is given twice");
  mapping[key] = std::move(value);
}

void put_settings(Json& mapping, const std::vector<std::string>& settings) {
  for (const std::string& setting : settings) {
    const auto equals = setting.find('=');
    if (equals == std::string::npos || equals == 0) {
      // The text may be a secret, so that it is not repeated.
      throw usage_error("--set takes key=value");
    }
    put(mapping, setting.substr(0, equals), setting_value(setting.substr(equals + 1)));
  }
}

void put_password(Json& mapping, const NewConnection& connection) {
  if (connection.password_env && connection.password_file) {
    throw usage_error("Choose only one of --password-env and --password-file");
  }
  if (connection.password_env) put(mapping, "password", "env:" + *connection.password_env);
  if (connection.password_file) put(mapping, "password", "file:" + *connection.password_file);
}

}  // namespace

Json connection_mapping(const NewConnection& connection) {
  check_new_driver(connection.driver);
  Json mapping = {{"driver", lower_case(connection.driver)}};
  const std::size_t without_place = mapping.size();
  if (connection.url) mapping["url"] = *connection.url;
  if (connection.path) mapping["path"] = *connection.path;
  if (connection.host) mapping["host"] = *connection.host;
  if (connection.port) mapping["port"] = *connection.port;
  if (connection.database) mapping["database"] = *connection.database;
  if (connection.user) mapping["user"] = *connection.user;
  put_password(mapping, connection);
  if (!connection.schemas.empty()) mapping["schemas"] = connection.schemas;
  put_settings(mapping, connection.settings);
  const bool is_file = database::is_sqlite(connection.driver) || mapping["driver"] == "duckdb";
  if (is_file && !mapping.contains("path") && !mapping.contains("url")) {
    throw usage_error("A connection to " + connection.driver + " needs --path (or --url)");
  }
  if (mapping.size() == without_place) {
    throw usage_error("Say where the database is: --url env:NAME, or --host, --database, --user and so on");
  }
  put(mapping, "readonly", connection.readonly);
  return mapping;
}

std::vector<std::string> literal_credentials(const Json& mapping) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : mapping.items()) {
    if (!value.is_string()) {
      if (database::is_secret_key(key) && value.is_number()) keys.push_back(key);
      continue;
    }
    const auto& text = value.get_ref<const std::string&>();
    if (database::is_reference(text)) continue;
    const bool is_path = key.ends_with("_path") || key.ends_with("_file");
    if ((database::is_secret_key(key) && !is_path) || database::holds_credential(text)) keys.push_back(key);
  }
  return keys;
}

}  // namespace ktx::cli
