#include "setup/context_step.hpp"

#include <algorithm>
#include <optional>

#include "ktx/project/source_tree.hpp"
#include "ktx/semantic/introspection.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/interrupt.hpp"
#include "setup/database_tables.hpp"
#include "setup/source_files.hpp"

namespace ktx::cli {
namespace {

/// What came of one connection.
enum class Outcome : std::uint8_t { made, left, back };

/// Says why a connection has no sources, and what to do.
void say_left(const SetupSession& session, const std::string& id, const Error& error) {
  session.say("No sources were made for " + id + ": " + error.message());
  if (!error.fix().empty()) session.say("Fix: " + error.fix());
}

/// Whether an error leaves the sources for later, and is not the end of setup. Where somebody is asked,
/// anything that lies at the database or the runtime can be mended afterwards.
bool can_wait(const SetupSession& session, const Error& error) {
  if (error.kind() == ErrorKind::runtime_missing) return true;
  if (session.prompter() == nullptr) return false;
  switch (error.kind()) {
    case ErrorKind::database:
    case ErrorKind::connection:
    case ErrorKind::unsupported:
    case ErrorKind::uv:
    case ErrorKind::install:
    case ErrorKind::interpreter: return true;
    default: return false;
  }
}

Outcome make_sources(SetupSession& session, const project::Connection& connection,
                     std::unique_ptr<semantic::Transport>& python) {
  try {
    if (!python) python = session.connect();
    const auto tables = choose_tables(session, *python, connection);
    if (!tables) return Outcome::back;
    const auto written = write_first_sources(session, *python, connection, *tables);
    session.say(connection.id + ": " + std::to_string(written) + " of " + std::to_string(tables->size()) +
                " tables are new sources in semantic-layer/" + connection.id);
    return Outcome::made;
  } catch (const Error& error) {
    if (!can_wait(session, error)) throw;
    say_left(session, connection.id, error);
    return Outcome::left;
  }
}

bool has_sources(const SetupSession& session, const std::string& id) {
  const auto with_sources = project::connections_with_sources(session.directory());
  return std::ranges::find(with_sources, id) != with_sources.end();
}

/// Whether there is anything to make for the connection; says why not.
bool is_wanted(const SetupSession& session, const project::Connection& connection) {
  const std::string driver = connection.driver.value_or("");
  if (semantic::can_introspect(driver)) return true;
  if (!has_sources(session, connection.id)) {
    session.say("The tables of " + connection.id + " (" + driver +
                ") are not read in this version: write its sources to " + "semantic-layer/" + connection.id +
                "/<source>.yaml");
  }
  return false;
}

}  // namespace

StepEnd run_context_step(SetupSession& session) {
  const project::Config config = session.config();
  const auto& ids = config.setup.database_connection_ids;
  const bool told = !session.options().drivers.empty() || !session.options().connection_ids.empty();
  if (ids.empty() || session.options().skip_databases || (session.is_complete("context") && !told))
    return StepEnd::done;
  std::unique_ptr<semantic::Transport> python;
  bool all = true;
  for (const std::string& id : ids) {
    const project::Connection* connection = config.find_connection(id);
    // One that has sources has been looked into, or has sources that somebody wrote.
    if (connection == nullptr || has_sources(session, id) || !is_wanted(session, *connection)) continue;
    const Outcome outcome = make_sources(session, *connection, python);
    if (outcome == Outcome::back) return StepEnd::back;
    all = all && outcome == Outcome::made;
  }
  if (all) session.complete("context");
  return StepEnd::done;
}

}  // namespace ktx::cli
