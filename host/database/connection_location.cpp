#include "ktx/database/connection_location.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "ktx/util/text.hpp"

namespace ktx::database {
namespace {

constexpr std::array<std::string_view, 12> secret_words = {
    "pass",    "pwd",    "secret",     "token",      "private_key",
    "api_key", "apikey", "access_key", "credential", "connection_string",
    "dsn",     "sslkey"};

/// What stands between "scheme://" and the end; nothing when the text is no such address.
std::optional<std::string_view> behind_scheme(std::string_view url) {
  const auto found = url.find("://");
  if (found == std::string_view::npos) return std::nullopt;
  return url.substr(found + 3);
}

/// Up to the last '@': a password that is not escaped may hold any character.
std::string_view user_part(std::string_view address) {
  const auto at = address.rfind('@');
  return at == std::string_view::npos ? std::string_view() : address.substr(0, at);
}

std::string address_without_secrets(std::string_view url) {
  const auto address = behind_scheme(url);
  if (!address) {
    const bool is_path = url.find_first_of("=;@") == std::string_view::npos;
    return is_path ? std::string(url) : "(an address in ktx.yaml)";
  }
  const std::string_view scheme = url.substr(0, url.size() - address->size());
  const std::string_view user = user_part(*address);
  const std::string_view rest = user.empty() ? *address : address->substr(user.size());
  const std::string_view host = rest.starts_with('@') ? rest.substr(1) : rest;
  return std::string(scheme).append(host.substr(0, host.find_first_of("?#;")));
}

/// The text of the first of these keys that is there; a number counts as its digits.
std::string setting(const project::YamlNode& settings, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    const project::YamlNode* value = settings.find_value(key);
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
    const std::size_t end = std::min(text.find_first_of("?&;", begin), text.size());
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
  const project::YamlNode& settings = connection.settings;
  std::string place =
      setting(settings, {"host", "server_hostname", "server", "account", "project", "project_id"});
  const std::string port = setting(settings, {"port"});
  if (!place.empty() && !port.empty()) place += ":" + port;
  const std::string name = setting(settings, {"database", "dbname", "catalog", "dataset", "dataset_id"});
  if (!name.empty()) place += (place.empty() ? "" : "/") + name;
  return place;
}

}  // namespace ktx::database
