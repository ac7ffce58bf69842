#include "setup/database_tables.hpp"

#include <algorithm>
#include <string_view>

#include "ktx/database/open_executor.hpp"
#include "ktx/project/source_file.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/text.hpp"

namespace ktx::cli {
namespace {

using semantic::DatabaseTable;
using Names = std::vector<std::string>;

bool is_in(const Names& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

/// The schemas that ktx.yaml names for the connection.
Names schemas_of(const project::Connection& connection) {
  Names schemas;
  const yaml::Node* list = connection.settings.find_value("schemas");
  if (list == nullptr) return schemas;
  for (const yaml::Node& item : list->items) schemas.push_back(item.text);
  return schemas;
}

/// What MySQL calls a database is a schema in ktx.yaml.
std::string schema_title(const database::ConnectionReport& report, const std::string& id) {
  const bool is_mysql = report.driver == "mysql" || report.driver == "mariadb";
  return (is_mysql ? "Databases of " : "Schemas of ") + id + " to read";
}

/// The database's own default among its schemas.
bool is_default(const database::ConnectionReport& report, const std::string& schema) {
  return schema == "public" || schema == "main" || schema == report.database;
}

/// Which schemas to read; at least one.
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

/// Whether the table has a source of this run; all are meant while there is none.
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

Answer<std::vector<DatabaseTable>> choose_tables(SetupSession& session, const project::Connection& connection,
                                                 const database::ConnectionReport& report, bool from_end) {
  Names schemas = schemas_of(connection);
  const std::string& id = connection.id;
  if (session.prompter() == nullptr) return read(session, connection, report, schemas);
  const bool can_ask = report.schemas.size() > 1 && session.options().schemas.empty();
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
    asks = true;
  }
}

}  // namespace ktx::cli
