#include "setup/database_tables.hpp"

#include <algorithm>

#include "ktx/database/executor.hpp"
#include "ktx/project/secret_reference.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/text.hpp"

namespace ktx::cli {
namespace {

using semantic::DatabaseTable;

std::string address_of(const SetupSession& session, const project::Connection& connection) {
  const Environment& environment = session.context().environment;
  if (const auto file = database::database_file(connection, environment, session.directory())) {
    return file->string();
  }
  const std::string setting = "connections." + connection.id;
  const auto resolved = [&](const std::string& reference, const char* key) {
    return project::resolve_secret(reference, setting + key, environment, session.directory());
  };
  if (connection.path) return (session.directory() / resolved(*connection.path, ".path")).lexically_normal();
  if (connection.url) return resolved(*connection.url, ".url");
  throw Error(ErrorKind::connection,
              "The connection " + connection.id + " has no address to read its tables from",
              "Set " + setting + ".url in ktx.yaml");
}

/// The schemas that ktx.yaml names for the connection.
std::vector<std::string> schemas_of(const project::Connection& connection) {
  std::vector<std::string> schemas;
  const project::YamlNode* list = connection.settings.find_value("schemas");
  if (list == nullptr) return schemas;
  for (const project::YamlNode& item : list->items) schemas.push_back(item.text);
  return schemas;
}

/// The schemas to read: those of ktx.yaml, else those that are picked where there are several; they go into
/// ktx.yaml. Empty means the database's own default.
Answer<std::vector<std::string>> choose_schemas(SetupSession& session, semantic::Transport& python,
                                                const project::Connection& connection,
                                                const semantic::DatabaseAddress& address) {
  const std::string driver = lower_case(address.driver);
  const bool has_schemas = driver == "postgres" || driver == "postgresql" || driver == "duckdb";
  if (!address.schemas.empty() || !has_schemas || session.prompter() == nullptr) return address.schemas;
  const auto found = semantic::list_schemas(python, address);
  if (found.size() < 2) return address.schemas;
  ManyQuestion question{.title = "Schemas of " + connection.id + " to read", .choices = {}, .initial = {}};
  for (const std::string& schema : found) {
    question.choices.push_back({schema});
    question.initial.push_back(schema == "public" || schema == "main");
  }
  const auto chosen = session.prompter()->choose_many(question);
  if (!chosen) return std::nullopt;
  std::vector<std::string> schemas;
  for (const std::size_t index : *chosen) schemas.push_back(found[index]);
  if (!schemas.empty()) session.set({"connections", connection.id, "schemas"}, schemas);
  return schemas;
}

Choice choice_of(const DatabaseTable& table) {
  const std::string name =
      table.schema && *table.schema != "main" ? *table.schema + "." + table.name : table.name;
  return {name, std::to_string(table.columns.size()) + (table.columns.size() == 1 ? " column" : " columns")};
}

Answer<std::vector<DatabaseTable>> ask_tables(Prompter& prompter, const std::string& id,
                                              std::vector<DatabaseTable> tables) {
  ManyQuestion question{.title = "Tables of " + id + " to make sources of", .choices = {}, .initial = {}};
  for (const DatabaseTable& table : tables) question.choices.push_back(choice_of(table));
  question.initial.assign(tables.size(), true);
  const auto chosen = prompter.choose_many(question);
  if (!chosen) return std::nullopt;
  std::vector<DatabaseTable> picked;
  for (const std::size_t index : *chosen) picked.push_back(std::move(tables[index]));
  return picked;
}

}  // namespace

Answer<std::vector<DatabaseTable>> choose_tables(SetupSession& session, semantic::Transport& python,
                                                 const project::Connection& connection) {
  semantic::DatabaseAddress address{connection.id, connection.driver.value_or(""),
                                    address_of(session, connection), schemas_of(connection)};
  auto schemas = choose_schemas(session, python, connection, address);
  if (!schemas) return std::nullopt;
  address.schemas = *std::move(schemas);
  auto found = semantic::introspect(python, address);
  for (const std::string& warning : found.warnings) session.say(warning);
  if (found.tables.empty()) {
    throw Error(ErrorKind::database,
                "The database of " + connection.id + " has no tables that can be read there",
                "Name its schemas with connections." + connection.id + ".schemas in ktx.yaml");
  }
  if (session.prompter() == nullptr) return std::move(found.tables);
  return ask_tables(*session.prompter(), connection.id, std::move(found.tables));
}

}  // namespace ktx::cli
