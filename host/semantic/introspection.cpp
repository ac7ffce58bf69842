#include "ktx/semantic/introspection.hpp"

#include <algorithm>
#include <array>

#include "error_reply.hpp"
#include "ktx/util/text.hpp"

namespace ktx::semantic {
namespace {

constexpr std::array<std::string_view, 8> introspected = {"postgres", "postgresql", "redshift", "mysql",
                                                          "mariadb",  "sqlite",     "sqlite3",  "duckdb"};

/// The name that the operation knows the driver by.
std::string operation_driver(const std::string& driver) {
  const std::string name = lower_case(driver);
  if (name == "sqlite3") return "sqlite";
  return name == "redshift" ? "postgres" : name;
}

std::optional<std::string> optional_text(const JsonObject& object, std::string_view key) {
  const auto found = object.value().find(key);
  if (found == object.value().end() || found->is_null()) return std::nullopt;
  return object.string(key);
}

DatabaseColumn decode_column(const JsonObject& column) {
  return {column.string("name"),
          column.string("type"),
          column.boolean("nullable"),
          column.boolean("primary_key"),
          optional_text(column, "comment"),
          optional_text(column, "kept_as")};
}

ForeignKeyColumn decode_foreign_key(const JsonObject& key) {
  return {key.string("from_column"), key.string("to_table"), key.string("to_column"),
          optional_text(key, "constraint_name")};
}

DatabaseTable decode_table(const JsonObject& table) {
  DatabaseTable result{optional_text(table, "catalog"),
                       optional_text(table, "db"),
                       table.string("name"),
                       optional_text(table, "comment"),
                       {},
                       {}};
  for (std::size_t i = 0; i < table.array("columns").size(); ++i) {
    result.columns.push_back(decode_column(table.element("columns", i)));
  }
  for (std::size_t i = 0; i < table.array("foreign_keys").size(); ++i) {
    result.foreign_keys.push_back(decode_foreign_key(table.element("foreign_keys", i)));
  }
  return result;
}

/// A database has no place in the model.
std::optional<std::string> nowhere(const std::string& /*source*/, const Json& /*path*/) {
  return std::nullopt;
}

}  // namespace

bool can_introspect(std::string_view driver) {
  return !driver.empty() &&
         std::ranges::find(introspected, lower_case(std::string(driver))) != introspected.end();
}

Introspection introspect(Transport& transport, Json request, const std::vector<std::string>& schemas) {
  const JsonObject asked(request, "A request for tables", ErrorKind::internal);
  request["driver"] = operation_driver(asked.string("driver"));
  if (!schemas.empty()) request["schemas"] = schemas;
  const Json document = parse_reply(transport.call(introspect_operation, compact_json(request)));
  const JsonObject answer = answer_of(document, nowhere);
  Introspection found;
  for (std::size_t i = 0; i < answer.array("tables").size(); ++i) {
    found.tables.push_back(decode_table(answer.element("tables", i)));
  }
  found.warnings = answer.strings("warnings");
  return found;
}

}  // namespace ktx::semantic
