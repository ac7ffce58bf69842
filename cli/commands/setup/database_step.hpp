#pragma once

#include <vector>

#include "ktx/database/open_executor.hpp"
#include "ktx/project/config.hpp"
#include "ktx/semantic/introspection.hpp"
#include "setup/session.hpp"

namespace ktx::cli {

/// Adds a connection to ktx.yaml, or takes existing ones.
StepEnd run_database_step(SetupSession& session, Arrival arrival);

/// Asks for the settings of a connection of ktx.yaml again, and writes them. The questions must cover all of
/// its settings (`fits_form`).
StepEnd edit_connection(SetupSession& session, const project::Connection& connection);

/// Chooses the tables to make sources for: those that the user picks, else all in the schemas that ktx.yaml
/// names. If a database has several schemas, they are picked first and written to ktx.yaml; `from_end` starts
/// with the tables. std::nullopt if the user goes back. `report` describes the database. Throws a `database`
/// error if it cannot be read, or has no tables there.
Answer<std::vector<semantic::DatabaseTable>> choose_tables(SetupSession& session,
                                                           const project::Connection& connection,
                                                           const database::ConnectionReport& report,
                                                           bool from_end);

}  // namespace ktx::cli
