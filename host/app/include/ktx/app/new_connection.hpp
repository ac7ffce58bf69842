#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ktx/util/json.hpp"

namespace ktx::app {

/// A connection to be written into ktx.yaml.
// NOLINTNEXTLINE(bugprone-exception-escape): the move of a Json only asserts
struct NewConnection {
  std::string driver;
  std::string id;
  std::optional<std::string> url;
  std::optional<std::string> path;
  std::optional<std::string> host;
  std::optional<std::int64_t> port;
  std::optional<std::string> database;
  std::optional<std::string> user;
  std::optional<std::string> password;  ///< as a reference: "env:NAME", "file:/path"
  std::vector<std::string> schemas;
  std::vector<std::pair<std::string, Json>> settings;  ///< further settings of the driver, by key
  bool readonly = true;
};

/// Throws a `usage` error unless there is a driver of this name.
void check_new_driver(const std::string& driver);

/// Which kind of place is still missing: the path of a file, or the address of a server.
enum class MissingPlace : std::uint8_t { none, file, server };
MissingPlace missing_place(const NewConnection& connection);

/// The mapping of the connection in ktx.yaml. Throws a `usage` error if the driver is not known, the place is
/// missing, or a setting is given twice.
Json connection_mapping(const NewConnection& connection);

/// The keys of the mapping that hold a credential in plain text instead of a reference.
std::vector<std::string> literal_credentials(const Json& mapping);

/// Whether the text is a reference to a secret: `env:NAME` or `file:/path`.
bool is_secret_reference(const std::string& text);

/// Whether a text is the address of a database with a password in it, before the host or as a parameter. ktx
/// never writes such a text into ktx.yaml.
bool has_password(const std::string& address);

}  // namespace ktx::app
