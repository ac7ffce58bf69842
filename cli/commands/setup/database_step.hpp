#pragma once

#include <vector>

#include "ktx/database/open_executor.hpp"
#include "ktx/project/config.hpp"
#include "ktx/semantic/introspection.hpp"
#include "setup/session.hpp"

namespace ktx::cli {

/// Adds a connection to ktx.yaml, or takes those that are there.
StepEnd run_database_step(SetupSession& session, Arrival arrival);

/// Asks for the settings of a connection that is in ktx.yaml again, and writes them there. The questions must
/// have all that it says (`fits_form`).
StepEnd edit_connection(SetupSession& session, const project::Connection& connection);

/// The tables of the connection's database that sources are made for: those that are picked, else all of the
/// schemas that ktx.yaml names. Where a database has several schemas they are picked first, and noted in
/// ktx.yaml; `from_end` begins with the tables. Nothing when the user goes back. `report` says what the
/// database has. Throws a `database` error when it cannot be read or has no tables there.
Answer<std::vector<semantic::DatabaseTable>> choose_tables(SetupSession& session,
                                                           const project::Connection& connection,
                                                           const database::ConnectionReport& report,
                                                           bool from_end);

}  // namespace ktx::cli
