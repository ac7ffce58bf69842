#pragma once

#include <cstdint>
#include <optional>

#include "ktx/util/json.hpp"
#include "setup/session.hpp"

namespace ktx::cli {

/// What the options say. Throws a `connection` error when the id is taken by another connection, and a
/// `database` error when it is a file that is not there.
SetupConnection connection_of_options(const SetupSession& session);

/// Where the questions about a connection begin. With all but `driver` there are earlier answers.
enum class FormStart : std::uint8_t { driver, settings, end };

/// Asks for all of it, with `earlier` answers, if there are any, to be kept or changed. An empty id when it
/// is left for later, and nothing when the user goes back from the first question.
Answer<SetupConnection> ask_connection(const SetupSession& session,
                                       const std::optional<SetupConnection>& earlier, FormStart start);

/// Whether the questions have all that the mapping of a connection in ktx.yaml says.
bool fits_form(const Json& settings);

}  // namespace ktx::cli
