#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ktx/util/json.hpp"

namespace ktx::cli {

/// A connection to be written into ktx.yaml, as typed.
struct NewConnection {
  std::string driver;
  std::string id;
  std::optional<std::string> url;
  std::optional<std::string> path;
  std::optional<std::string> host;
  std::optional<std::int64_t> port;
  std::optional<std::string> database;
  std::optional<std::string> user;
  std::optional<std::string> password_env;   ///< the name of a variable
  std::optional<std::string> password_file;  ///< the path of a file
  std::vector<std::string> schemas;
  std::vector<std::string> settings;  ///< "key=value"
  bool readonly = true;
};

/// Its mapping in ktx.yaml. Throws a usage error when the driver is not known, when nothing says where the
/// database is, and when settings contradict each other.
Json connection_mapping(const NewConnection& connection);

/// The keys of the mapping that hold a credential in plain text instead of a reference to it.
std::vector<std::string> literal_credentials(const Json& mapping);

}  // namespace ktx::cli
