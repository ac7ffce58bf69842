#include "ktx/semantic/introspection.hpp"

#include "ktx/semantic/driver.hpp"
#include "ktx/semantic/operation.hpp"

namespace ktx::semantic {
namespace {

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

}  // namespace

bool can_introspect(std::string_view driver) {
  const Driver* found = find_driver(driver);
  return found != nullptr && !found->introspected_as.empty();
}

Introspection introspect(Transport& transport, Json request, const std::vector<std::string>& schemas) {
  const JsonObject asked(request, "A request for tables", ErrorKind::internal);
  const Driver* driver = find_driver(asked.string("driver"));
  if (driver != nullptr && !driver->introspected_as.empty()) request["driver"] = driver->introspected_as;
  if (!schemas.empty()) request["schemas"] = schemas;
  const OperationReply reply = ask_operation(transport, introspect_operation, request);
  const JsonObject answer = reply.answer();
  Introspection found;
  for (std::size_t i = 0; i < answer.array("tables").size(); ++i) {
    found.tables.push_back(decode_table(answer.element("tables", i)));
  }
  found.warnings = answer.strings("warnings");
  return found;
}

}  // namespace ktx::semantic
