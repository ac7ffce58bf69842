#include "setup/database_step.hpp"

#include <algorithm>
#include <string_view>

#include "ktx/database/open_executor.hpp"
#include "ktx/project/source_file.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/text.hpp"
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

// Takes existing connections, as the options say.
void take_told(SetupSession& session) {
  const SetupOptions& options = session.options();
  take_existing(session, options.connection_ids);
  const bool adds = !options.drivers.empty();  // then the schemas are for the new connection
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

// Asks again, with the answers of this run.
StepEnd ask_answers(SetupSession& session, FormStart start) {
  const SetupConnection earlier = *session.memory().answers;
  const auto connection = ask_connection(session, earlier, start);
  if (!connection) return StepEnd::back;
  if (connection->id.empty()) {
    // A connection that an earlier run or the user wrote stays.
    if (session.memory().added.contains(earlier.id)) withdraw_connection(session, earlier.id);
    session.memory().answers.reset();
    return StepEnd::done;
  }
  replace_connection(session, earlier.id, *connection);
  session.memory().answers = connection;
  return StepEnd::done;
}

// Whether setup has noted the connection as a database. All count as noted while none is.
bool is_noted(const project::Config& config, const std::string& id) {
  const auto& noted = config.setup.database_connection_ids;
  return noted.empty() || std::ranges::find(noted, id) != noted.end();
}

// Asks which existing connections to use, and for a new one if that is wanted.
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
    // Going back from the new connection returns to this list.
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

using semantic::DatabaseTable;
using Names = std::vector<std::string>;

bool is_in(const Names& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

// The schemas in ktx.yaml for the connection.
Names schemas_of(const project::Connection& connection) {
  Names schemas;
  const yaml::Node* list = connection.settings.find_value("schemas");
  if (list == nullptr) return schemas;
  for (const yaml::Node& item : list->items) schemas.push_back(item.text);
  return schemas;
}

// MySQL calls a database what ktx.yaml calls a schema.
std::string schema_title(const database::ConnectionReport& report, const std::string& id) {
  const bool is_mysql = report.driver == "mysql" || report.driver == "mariadb";
  return (is_mysql ? "Databases of " : "Schemas of ") + id + " to read";
}

// Whether it is the default schema of the database.
bool is_default(const database::ConnectionReport& report, const std::string& schema) {
  return schema == "public" || schema == "main" || schema == report.database;
}

// Asks which schemas to read; at least one.
Answer<Names> ask_schemas(const SetupSession& session, const std::string& id,
                          const database::ConnectionReport& report, const Names& named) {
  ManyQuestion question{.title = schema_title(report, id), .choices = {}, .initial = {}};
  for (const std::string& schema : report.schemas) {
    question.choices.push_back({schema});
    question.initial.push_back(named.empty() ? is_default(report, schema) : is_in(named, schema));
  }
  question.at_least = 1;
  const auto chosen = session.prompter()->choose_many(question);
  if (!chosen) return std::nullopt;
  Names schemas;
  for (const std::size_t index : *chosen) schemas.push_back(report.schemas[index]);
  return schemas;
}

std::vector<DatabaseTable> read(SetupSession& session, const project::Connection& connection,
                                const database::ConnectionReport& report, const Names& schemas) {
  auto found = database::read_tables(connection, session.context().environment, session.directory(), schemas,
                                     session.python());
  for (const std::string& warning : found.warnings) session.say(warning);
  if (!found.tables.empty()) return std::move(found.tables);
  const std::vector<std::string_view> names(report.schemas.begin(), report.schemas.end());
  const std::string known = names.size() < 2 ? "" : "; it has " + comma_separated(names);
  throw Error(ErrorKind::database,
              "The database of " + connection.id + " has no tables that can be read there",
              "Name its schemas with connections." + connection.id + ".schemas in ktx.yaml" + known);
}

Choice choice_of(const DatabaseTable& table) {
  const std::string name =
      table.schema && *table.schema != "main" ? *table.schema + "." + table.name : table.name;
  return {name, std::to_string(table.columns.size()) + (table.columns.size() == 1 ? " column" : " columns")};
}

// Whether the table has a source from this run. All count as picked before the first choice.
bool is_picked(const SetupSession& session, const std::string& id, const DatabaseTable& table) {
  const auto made = session.memory().sources.find(id);
  if (made == session.memory().sources.end()) return true;
  return made->second.contains("semantic-layer/" + id + "/" + project::source_file_name(table.name));
}

Answer<std::vector<DatabaseTable>> ask_tables(const SetupSession& session, const std::string& id,
                                              std::vector<DatabaseTable> tables) {
  ManyQuestion question{.title = "Tables of " + id + " to make sources of", .choices = {}, .initial = {}};
  for (const DatabaseTable& table : tables) {
    question.choices.push_back(choice_of(table));
    question.initial.push_back(is_picked(session, id, table));
  }
  const auto chosen = session.prompter()->choose_many(question);
  if (!chosen) return std::nullopt;
  std::vector<DatabaseTable> picked;
  for (const std::size_t index : *chosen) picked.push_back(std::move(tables[index]));
  return picked;
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

Answer<std::vector<DatabaseTable>> choose_tables(SetupSession& session, const project::Connection& connection,
                                                 const database::ConnectionReport& report, bool from_end) {
  Names schemas = schemas_of(connection);
  const std::string& id = connection.id;
  if (session.prompter() == nullptr) return read(session, connection, report, schemas);
  const bool can_ask = report.schemas.size() > 1 && session.options().schemas.empty();
  // Schemas from ktx.yaml are not asked for again, unless this run wrote the connection.
  bool asks = can_ask && !from_end && (schemas.empty() || session.memory().added.contains(id));
  while (true) {
    if (asks) {
      auto picked = ask_schemas(session, id, report, schemas);
      if (!picked) return std::nullopt;
      schemas = *std::move(picked);
      session.set({"connections", id, "schemas"}, schemas);
    }
    auto tables = ask_tables(session, id, read(session, connection, report, schemas));
    if (tables || !can_ask) return tables;
    // Back from the tables leads to the schemas.
    asks = true;
  }
}

}  // namespace ktx::cli
