#include "ktx/database/connection_settings.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include "ktx/project/config.hpp"
#include "ktx/project/findings.hpp"
#include "ktx/semantic/driver.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/text.hpp"
#include "ktx/yaml/node.hpp"

namespace ktx::database {
namespace {

// Parts of names. A false hit asks for a reference where none is needed; a miss would let a password into
// ktx.yaml.
constexpr std::array<std::string_view, 12> secret_words = {
    "pass",    "pwd",    "secret",     "token",      "private_key",
    "api_key", "apikey", "access_key", "credential", "connection_string",
    "dsn",     "sslkey"};

// What follows "scheme://"; std::nullopt if the text is no such address.
std::optional<std::string_view> behind_scheme(std::string_view url) {
  const auto found = url.find("://");
  if (found == std::string_view::npos) return std::nullopt;
  return url.substr(found + 3);
}

// Up to the last '@': a password that is not escaped may contain any character.
std::string_view user_part(std::string_view address) {
  const auto at = address.rfind('@');
  return at == std::string_view::npos ? std::string_view() : address.substr(0, at);
}

std::string address_without_secrets(std::string_view url) {
  const auto address = behind_scheme(url);
  if (!address) {
    // "Server=…;Pwd=…" is not shown at all: its secrets have no fixed place.
    const bool is_path = url.find_first_of("=;@") == std::string_view::npos;
    return is_path ? std::string(url) : "(an address in ktx.yaml)";
  }
  const std::string_view scheme = url.substr(0, url.size() - address->size());
  const std::string_view user = user_part(*address);
  const std::string_view rest = user.empty() ? *address : address->substr(user.size());
  const std::string_view host = rest.starts_with('@') ? rest.substr(1) : rest;
  return std::string(scheme).append(host.substr(0, host.find_first_of("?#;")));
}

// The text of the first of these keys that is set; a number counts as its digits.
std::string setting(const yaml::Node& settings, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    const yaml::Node* value = settings.find_value(key);
    if (value != nullptr && value->items.empty() && value->members.empty()) return value->text;
  }
  return {};
}

}  // namespace

bool is_reference(std::string_view text) { return text.starts_with("env:") || text.starts_with("file:"); }

bool is_secret_key(std::string_view key) {
  const std::string name = lower_case(std::string(key));
  return std::ranges::any_of(secret_words,
                             [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

bool holds_credential(std::string_view url) {
  if (is_reference(url)) return false;
  const auto address = behind_scheme(url);
  if (address && user_part(*address).find(':') != std::string_view::npos) return true;
  // Options behind '?', and those of addresses that are lists of options: "Server=…;Pwd=…".
  const std::string_view text = address.value_or(url);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find_first_of("?&; ", begin), text.size());
    const std::string_view option = text.substr(begin, end - begin);
    const auto equals = option.find('=');
    if (equals != std::string_view::npos && is_secret_key(option.substr(0, equals))) return true;
    begin = end + 1;
  }
  return false;
}

std::string connection_location(const project::Connection& connection) {
  if (connection.path) return *connection.path;
  if (connection.url) {
    return is_reference(*connection.url) ? *connection.url : address_without_secrets(*connection.url);
  }
  const yaml::Node& settings = connection.settings;
  std::string place =
      setting(settings, {"host", "server_hostname", "server", "account", "project", "project_id"});
  const std::string port = setting(settings, {"port"});
  if (!place.empty() && !port.empty()) place += ":" + port;
  const std::string name = setting(settings, {"database", "dbname", "catalog", "dataset", "dataset_id"});
  if (!name.empty()) place += (place.empty() ? "" : "/") + name;
  return place;
}

namespace {

// Replaces references by the secrets that they name, at any depth.
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
  yaml::append_json(text, connection.settings);
  Json settings = parse_json(text, "connections." + connection.id, ErrorKind::internal);
  resolve_references(settings, "connections." + connection.id, environment, project_directory);
  return {{"connection_id", connection.id},
          {"driver", connection.driver.value_or("")},
          {"settings", std::move(settings)},
          {"project_directory", project_directory.string()}};
}

namespace {

// Undoes %20 and the like.
std::string percent_decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned int code = 0;
    const char* digits = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(digits, digits + 2, code, 16).ptr == digits + 2) {
      result += static_cast<char>(code);
      i += 2;
    } else {
      result += text[i];
    }
  }
  return result;
}

// "sqlite:///data/x.db?mode=ro" → "/data/x.db"; "sqlite:data/x.db" → "data/x.db".
std::string path_of_url(std::string_view url) {
  constexpr std::array<std::string_view, 4> schemes = {"sqlite://", "sqlite:", "file://", "file:"};
  // The longer scheme first: "sqlite:" is the beginning of "sqlite://".
  for (const std::string_view scheme : schemes) {
    if (!url.starts_with(scheme)) continue;
    url.remove_prefix(scheme.size());
    return percent_decoded(url.substr(0, url.find_first_of("?#")));
  }
  return std::string(url);
}

}  // namespace

std::filesystem::path sqlite_file(const project::Connection& connection, const Environment& environment,
                                  const std::filesystem::path& project_directory) {
  const std::string setting = "connections." + connection.id;
  std::string path;
  if (connection.path) {
    path = project::resolve_secret(*connection.path, setting + ".path", environment, project_directory);
  } else if (connection.url) {
    const bool is_reference = connection.url->starts_with("env:");
    path = path_of_url(is_reference ? project::resolve_secret(*connection.url, setting + ".url", environment,
                                                              project_directory)
                                    : *connection.url);
  }
  if (path.empty()) {
    throw Error(ErrorKind::connection, "The SQLite connection " + connection.id + " names no database file",
                "Set " + setting + ".path in ktx.yaml");
  }
  return (project_directory / path).lexically_normal();
}

bool is_sqlite(std::string_view driver) {
  const semantic::Driver* found = semantic::find_driver(driver);
  return found != nullptr && found->is_native();
}

std::string closest_driver(std::string_view driver) {
  const auto names = semantic::driver_names();
  return project::closest(driver, {names.begin(), names.end()});
}

void check_driver(const project::Connection& connection) {
  const std::string driver = connection.driver.value_or("");
  if (semantic::find_driver(driver) != nullptr) return;
  const std::string meant = closest_driver(driver);
  throw Error(ErrorKind::connection,
              driver.empty() ? "The connection " + connection.id + " names no driver"
                             : "No local query executor is configured for driver \"" + driver + "\".",
              "Set connections." + connection.id +
                  ".driver in ktx.yaml to one of: " + comma_separated(semantic::driver_names()) +
                  (meant.empty() ? "" : "; did you mean " + meant + "?"));
}

}  // namespace ktx::database
