#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "ktx/database/open_executor.hpp"
#include "ktx/util/json.hpp"

namespace ktx::cli {

/// A connection as the questions about it were answered.
// NOLINTNEXTLINE(bugprone-exception-escape): the move of a Json only asserts
struct SetupConnection {
  std::string id;
  Json settings;  ///< its mapping in ktx.yaml
};

/// What one run of setup was told, has found and has made: what going back to a step builds on.
struct RunMemory {
  std::optional<SetupConnection> answers;                     ///< of the connection that was asked for last
  std::set<std::string> added;                                ///< ids of the connections that were written
  std::map<std::string, database::ConnectionReport> reports;  ///< by id: the connections that work
  /// By id: the first sources that were made, as file below the project and its text.
  std::map<std::string, std::map<std::string, std::string>> sources;
};

}  // namespace ktx::cli
