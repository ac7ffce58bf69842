#include "setup/connection_writing.hpp"

#include <algorithm>

#include "ktx/project/config.hpp"
#include "ktx/project/config_edit.hpp"
#include "ktx/project/source_tree.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/interrupt.hpp"
#include "ktx/yaml/node.hpp"
#include "setup/source_files.hpp"

namespace ktx::cli {
namespace {

// Whether ktx.yaml has exactly this connection. Throws if a different one has its id.
bool is_there(const project::Config& config, const SetupConnection& connection) {
  const project::Connection* found = config.find_connection(connection.id);
  if (found == nullptr) return false;
  if (settings_of(*found) == connection.settings) return true;
  throw Error(ErrorKind::connection, "There is another connection \"" + connection.id + "\" in ktx.yaml",
              "Choose another --new-database-connection-id, or use it with --database-connection-id " +
                  connection.id);
}

void say_written(const SetupSession& session, const char* what, const SetupConnection& connection) {
  session.say(std::string(what) + " the connection " + connection.id + " (" +
              connection.settings.at("driver").get<std::string>() + ") to ktx.yaml");
}

// Removes everything about a connection, including its note in `setup`.
void take_out(SetupSession& session, const std::string& id) {
  session.remove({"connections", id});
  std::vector<std::string> noted = session.config().setup.database_connection_ids;
  std::erase(noted, id);
  session.set({"setup", "database_connection_ids"}, noted);
  session.memory().reports.erase(id);
  discard_first_sources(session, id);
}

}  // namespace

Json settings_of(const project::Connection& connection) {
  std::string text;
  yaml::append_json(text, connection.settings);
  return parse_json(text, "the connection " + connection.id, ErrorKind::internal);
}

void note_connections(SetupSession& session, const std::vector<std::string>& ids) {
  std::vector<std::string> noted = session.config().setup.database_connection_ids;
  for (const std::string& id : ids) {
    if (std::ranges::find(noted, id) == noted.end()) noted.push_back(id);
  }
  note_only(session, noted);
}

void note_only(SetupSession& session, const std::vector<std::string>& ids) {
  session.set({"setup", "database_connection_ids"}, ids);
  session.complete("databases");
}

void add_connection(SetupSession& session, SetupConnection connection) {
  connection.settings["readonly"] = true;
  if (!session.options().schemas.empty()) connection.settings["schemas"] = session.options().schemas;
  const InterruptGuard guard;  // no signal between the connection and its note
  if (!is_there(session.config(), connection)) {
    session.set({"connections", connection.id}, connection.settings);
    session.memory().added.insert(connection.id);
    say_written(session, "Added", connection);
  }
  note_connections(session, {connection.id});
  throw_if_interrupted();
}

void replace_connection(SetupSession& session, const std::string& former_id, SetupConnection connection) {
  const project::Config config = session.config();
  const project::Connection* former = config.find_connection(former_id);
  if (former == nullptr) return add_connection(session, std::move(connection));
  Json settings = settings_of(*former);
  const Json schemas = settings.contains("schemas") ? settings["schemas"] : Json();
  settings.erase("schemas");
  connection.settings["readonly"] = true;
  connection.settings.erase("schemas");
  // The same place under another id: its schemas are still right.
  const bool leads_there = settings == connection.settings;
  if (leads_there && connection.id == former_id) return;
  if (leads_there && !schemas.is_null()) connection.settings["schemas"] = schemas;
  const InterruptGuard guard;
  take_out(session, former_id);
  session.set({"connections", connection.id}, connection.settings);
  note_connections(session, {connection.id});
  session.memory().added.insert(connection.id);
  say_written(session, "Wrote", connection);
  throw_if_interrupted();
}

void withdraw_connection(SetupSession& session, const std::string& id) {
  const InterruptGuard guard;
  take_out(session, id);
  std::vector<std::string> steps = session.config().setup.completed_steps;
  std::erase(steps, "databases");
  std::erase(steps, "context");
  session.set({"setup", "completed_steps"}, steps);
  session.say("Took the connection " + id + " out of ktx.yaml");
  throw_if_interrupted();
}

std::vector<project::Connection> pending_connections(const SetupSession& session) {
  const SetupOptions& options = session.options();
  if (options.skip_databases) return {};
  const project::Config config = session.config();
  const RunMemory& memory = session.memory();
  // Options that name databases mean these, even if an earlier run finished the step.
  const bool told = !options.drivers.empty() || !options.connection_ids.empty();
  const bool looks_at_all = told || !session.is_complete("context");
  const auto with_sources = project::connections_with_sources(session.directory());
  std::vector<project::Connection> pending;
  for (const std::string& id : config.setup.database_connection_ids) {
    const project::Connection* connection = config.find_connection(id);
    if (connection == nullptr) continue;
    // It was read by an earlier run, or somebody wrote its sources.
    const bool has_sources = std::ranges::find(with_sources, id) != with_sources.end();
    const bool is_new = memory.added.contains(id) || looks_at_all;
    if (memory.sources.contains(id) || (is_new && !has_sources)) pending.push_back(*connection);
  }
  return pending;
}

}  // namespace ktx::cli
