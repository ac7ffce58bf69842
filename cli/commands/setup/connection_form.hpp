#pragma once

#include <cstdint>
#include <optional>

#include "ktx/util/json.hpp"
#include "setup/session.hpp"

namespace ktx::cli {

/// The connection that the options describe. Throws a `database` error if it is a file that does not exist.
SetupConnection connection_of_options(const SetupSession& session);

/// Where to start the questions about a connection. All but `driver` need earlier answers.
enum class FormStart : std::uint8_t { driver, settings, end };

/// Asks for everything about a connection, with `earlier` answers, if any, to be kept or changed. The id is
/// empty if the connection is left for later. std::nullopt if the user goes back from the first question.
Answer<SetupConnection> ask_connection(const SetupSession& session,
                                       const std::optional<SetupConnection>& earlier, FormStart start);

/// Whether the questions cover all settings in the mapping of a connection.
bool fits_form(const Json& settings);

}  // namespace ktx::cli
