#include "setup/database_step.hpp"

#include <algorithm>

#include "ktx/project/yaml_json.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/interrupt.hpp"
#include "setup/connection_form.hpp"

namespace ktx::cli {
namespace {

/// Notes which connections are the project's databases.
void note_connections(SetupSession& session, const std::vector<std::string>& ids) {
  std::vector<std::string> noted = session.config().setup.database_connection_ids;
  for (const std::string& id : ids) {
    if (std::ranges::find(noted, id) == noted.end()) noted.push_back(id);
  }
  session.set({"setup", "database_connection_ids"}, noted);
  session.complete("databases");
}

Json as_json(const project::Connection& connection) {
  std::string text;
  project::append_json(text, connection.settings);
  return parse_json(text, "the connection " + connection.id, ErrorKind::internal);
}

/// Whether ktx.yaml has the connection as it would be written. Throws when it has another one of that id.
bool is_there(const project::Config& config, const SetupConnection& connection) {
  const project::Connection* found = config.find_connection(connection.id);
  if (found == nullptr) return false;
  if (as_json(*found) == connection.settings) return true;
  throw Error(ErrorKind::connection, "There is another connection \"" + connection.id + "\" in ktx.yaml",
              "Choose another --new-database-connection-id, or use it with --database-connection-id " +
                  connection.id);
}

void add(SetupSession& session, SetupConnection connection) {
  connection.settings["readonly"] = true;
  if (!session.options().schemas.empty()) connection.settings["schemas"] = session.options().schemas;
  const InterruptGuard guard;  // the connection and the note of it belong together
  if (!is_there(session.config(), connection)) {
    session.set({"connections", connection.id}, connection.settings);
    session.say("Added the connection " + connection.id + " (" +
                connection.settings["driver"].get<std::string>() + ") to ktx.yaml");
  }
  note_connections(session, {connection.id});
  throw_if_interrupted();
}

void take_existing(SetupSession& session, const std::vector<std::string>& ids) {
  const project::Config config = session.config();
  for (const std::string& id : ids) {
    if (config.find_connection(id) == nullptr) throw project::unknown_connection(config, id);
  }
  note_connections(session, ids);
}

StepEnd ask_new(SetupSession& session) {
  const auto connection = ask_connection(session);
  if (!connection) return StepEnd::back;
  if (!connection->id.empty()) add(session, *connection);
  return StepEnd::done;
}

/// A project that has connections, but no note of setup, is asked which of them are meant.
StepEnd ask_existing(SetupSession& session, const project::Config& config) {
  while (true) {
    ManyQuestion question{.title = "Which connections shall be used?", .choices = {}, .initial = {}};
    for (const project::Connection& connection : config.connections) {
      question.choices.push_back({connection.id, connection.driver.value_or("")});
      question.initial.push_back(true);
    }
    question.choices.push_back({"Add another one"});
    question.initial.push_back(false);
    const auto chosen = session.prompter()->choose_many(question);
    if (!chosen) return StepEnd::back;
    std::vector<std::string> ids;
    for (const std::size_t index : *chosen) {
      if (index < config.connections.size()) ids.push_back(config.connections[index].id);
    }
    const bool another = !chosen->empty() && chosen->back() == config.connections.size();
    if (another && ask_new(session) == StepEnd::back) continue;
    if (!ids.empty()) take_existing(session, ids);
    return StepEnd::done;
  }
}

}  // namespace

StepEnd run_database_step(SetupSession& session) {
  const SetupOptions& options = session.options();
  if (!options.connection_ids.empty()) take_existing(session, options.connection_ids);
  if (!options.drivers.empty()) add(session, connection_of_options(session));
  const bool told = !options.connection_ids.empty() || !options.drivers.empty() || options.skip_databases;
  if (told || session.is_complete("databases") || session.prompter() == nullptr) return StepEnd::done;
  const project::Config config = session.config();
  return config.connections.empty() ? ask_new(session) : ask_existing(session, config);
}

}  // namespace ktx::cli
