#include "setup/database_step.hpp"

#include <algorithm>

#include "setup/connection_form.hpp"
#include "setup/connection_writing.hpp"

namespace ktx::cli {
namespace {

void take_existing(SetupSession& session, const std::vector<std::string>& ids) {
  const project::Config config = session.config();
  for (const std::string& id : ids) {
    if (config.find_connection(id) == nullptr) throw project::unknown_connection(config, id);
  }
  note_connections(session, ids);
}

/// Connections that are there, by the options.
void take_told(SetupSession& session) {
  const SetupOptions& options = session.options();
  take_existing(session, options.connection_ids);
  const bool adds = !options.drivers.empty();  // the schemas are those of the new one
  if (options.schemas.empty() || adds) return;
  session.set({"connections", options.connection_ids.front(), "schemas"}, options.schemas);
}

StepEnd ask_new(SetupSession& session) {
  const auto connection = ask_connection(session, std::nullopt, FormStart::driver);
  if (!connection) return StepEnd::back;
  if (connection->id.empty()) return StepEnd::done;
  add_connection(session, *connection);
  session.memory().answers = connection;
  return StepEnd::done;
}

/// The answers of this run once more.
StepEnd ask_answers(SetupSession& session, FormStart start) {
  const SetupConnection earlier = *session.memory().answers;
  const auto connection = ask_connection(session, earlier, start);
  if (!connection) return StepEnd::back;
  if (connection->id.empty()) {
    // What an earlier run or somebody's hand has written stays.
    if (session.memory().added.contains(earlier.id)) withdraw_connection(session, earlier.id);
    session.memory().answers.reset();
    return StepEnd::done;
  }
  replace_connection(session, earlier.id, *connection);
  session.memory().answers = connection;
  return StepEnd::done;
}

/// Whether a connection is one of those that setup has noted; all are meant while it has noted none.
bool is_noted(const project::Config& config, const std::string& id) {
  const auto& noted = config.setup.database_connection_ids;
  return noted.empty() || std::ranges::find(noted, id) != noted.end();
}

/// Which of the connections that are there are meant; a new one is asked for too when that is wished.
StepEnd ask_existing(SetupSession& session, const project::Config& config) {
  while (true) {
    ManyQuestion question{.title = "Which connections shall be used?", .choices = {}, .initial = {}};
    for (const project::Connection& connection : config.connections) {
      question.choices.push_back({connection.id, connection.driver.value_or("")});
      question.initial.push_back(is_noted(config, connection.id));
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
    if (another && session.memory().answers) ids.push_back(session.memory().answers->id);
    if (!ids.empty() || !config.setup.database_connection_ids.empty()) note_only(session, ids);
    return StepEnd::done;
  }
}

StepEnd ask_first(SetupSession& session) {
  const project::Config config = session.config();
  return config.connections.empty() ? ask_new(session) : ask_existing(session, config);
}

}  // namespace

StepEnd run_database_step(SetupSession& session, Arrival arrival) {
  const SetupOptions& options = session.options();
  const bool told = !options.connection_ids.empty() || !options.drivers.empty() || options.skip_databases;
  if (arrival != Arrival::forward) {
    if (told) return StepEnd::nothing;
    if (!session.memory().answers) return ask_first(session);
    return ask_answers(session, arrival == Arrival::backward ? FormStart::end : FormStart::driver);
  }
  if (!options.connection_ids.empty()) take_told(session);
  if (!options.drivers.empty()) add_connection(session, connection_of_options(session));
  if (told || session.is_complete("databases") || session.prompter() == nullptr) return StepEnd::done;
  return ask_first(session);
}

StepEnd edit_connection(SetupSession& session, const project::Connection& connection) {
  session.memory().answers = SetupConnection{connection.id, settings_of(connection)};
  return ask_answers(session, FormStart::settings);
}

}  // namespace ktx::cli
