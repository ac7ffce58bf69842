#pragma once

#include <string>

#include "ktx/util/json.hpp"
#include "setup/drivers.hpp"
#include "setup/session.hpp"

namespace ktx::cli {

/// A connection that is not in ktx.yaml yet.
// NOLINTNEXTLINE(bugprone-exception-escape): the move of a Json only asserts
struct SetupConnection {
  std::string id;
  Json settings;  ///< its mapping
};

/// What the options say. Throws a `connection` error when the id is taken by another connection, and a
/// `database` error when it is a file that is not there.
SetupConnection connection_of_options(const SetupSession& session);

/// Asks for all of it, from the driver on; an empty id when it is left for later, and nothing when the user
/// goes back from the first question.
Answer<SetupConnection> ask_connection(const SetupSession& session);

}  // namespace ktx::cli
