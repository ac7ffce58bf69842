#include "ktx/semantic/introspection.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <span>

#include "ktx/semantic/driver.hpp"
#include "ktx/semantic/messages.hpp"

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
  // Redshift, for example, is read as PostgreSQL is.
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

namespace {

using Key = std::span<const ForeignKeyColumn>;
using TablesByName = std::map<std::string, const DatabaseTable*>;

// SQLite and DuckDB put everything into "main", so the name tells nothing.
bool is_implied(const std::optional<std::string>& schema, const std::string& dialect) {
  return schema == "main" && (dialect == "sqlite" || dialect == "duckdb");
}

Json encode_column(const DatabaseColumn& column) {
  Json json = {{"name", column.name},
               {"type", column.type},
               {"primary_key", column.primary_key},
               {"nullable", column.nullable}};
  if (column.comment) json["comment"] = *column.comment;
  if (column.kept_as) json["kept_as"] = *column.kept_as;
  return json;
}

Json encode_table(const DatabaseTable& table, const std::string& dialect) {
  Json json = {{"name", table.name}, {"columns", Json::array()}};
  if (table.schema && !is_implied(table.schema, dialect)) json["db"] = *table.schema;
  if (table.comment) json["comment"] = *table.comment;
  for (const DatabaseColumn& column : table.columns) json["columns"].push_back(encode_column(column));
  return json;
}

// The table that a foreign key leads to; nullptr if it is not among them.
const DatabaseTable* target_of(const ForeignKeyColumn& key, const DatabaseTable& from,
                               const TablesByName& tables) {
  if (const auto found = tables.find(key.to_table); found != tables.end()) {
    // A name without a schema means the table's own schema.
    return found->second->schema == from.schema ? found->second : nullptr;
  }
  const auto dot = key.to_table.find('.');
  if (dot == std::string::npos) return nullptr;
  const auto found = tables.find(key.to_table.substr(dot + 1));
  const bool meant = found != tables.end() && found->second->schema == key.to_table.substr(0, dot);
  return meant ? found->second : nullptr;
}

// The columns of the foreign key that begins at `first`.
Key key_at(const std::vector<ForeignKeyColumn>& columns, std::size_t first) {
  std::size_t end = first + 1;
  const auto& constraint = columns[first].constraint;
  // Unnamed constraints cannot be told apart, so each of their columns counts as a key of its own.
  while (end < columns.size() && constraint && columns[end].constraint == constraint) ++end;
  return Key(columns).subspan(first, end - first);
}

// Whether the key's columns are exactly the table's primary key: then each row of the other table has at most
// one here.
bool is_whole_key(const DatabaseTable& table, Key key) {
  return std::ranges::all_of(table.columns, [&](const DatabaseColumn& one) {
    const bool is_in = std::ranges::find(key, one.name, &ForeignKeyColumn::column) != key.end();
    return one.primary_key == is_in;
  });
}

Json link(const DatabaseTable& from, const DatabaseTable& to, Key key) {
  Json json = {{"from_table", from.name},
               {"from_column", key.front().column},
               {"to_table", to.name},
               {"to_column", key.front().to_column},
               {"relationship_type", is_whole_key(from, key) ? "one_to_one" : "many_to_one"}};
  Json further = Json::array();
  for (const ForeignKeyColumn& pair : key.subspan(1)) {
    further.push_back({{"from_column", pair.column}, {"to_column", pair.to_column}});
  }
  if (!further.empty()) json["further_columns"] = std::move(further);
  return json;
}

// Builds the request, and collects notes about what it leaves out.
class Request {
 public:
  Request(const std::vector<DatabaseTable>& tables, std::string dialect) : dialect_(std::move(dialect)) {
    for (const DatabaseTable& table : tables) {
      // Sources are named after tables, and names are unique in a connection.
      if (by_name_.emplace(table.name, &table).second) {
        order_.push_back(&table);
      } else {
        notes.push_back("The table " + table.schema.value_or("") + "." + table.name +
                        " is left out: another schema has one of this name");
      }
    }
  }

  Json json() {
    Json request = {{"dialect", dialect_}, {"tables", Json::array()}, {"links", Json::array()}};
    for (const DatabaseTable* table : order_) {
      request["tables"].push_back(encode_table(*table, dialect_));
      add_links(*table, request["links"]);
    }
    return request;
  }

  std::vector<std::string> notes;

 private:
  void add_links(const DatabaseTable& table, Json& links) const {
    const auto& columns = table.foreign_keys;
    for (std::size_t i = 0; i < columns.size();) {
      const Key key = key_at(columns, i);
      i += key.size();
      const DatabaseTable* target = target_of(key.front(), table, by_name_);
      if (target != nullptr) links.push_back(link(table, *target, key));
    }
  }

  std::string dialect_;
  TablesByName by_name_;
  std::vector<const DatabaseTable*> order_;
};

}  // namespace

FirstSources first_sources(Transport& transport, const std::vector<DatabaseTable>& tables,
                           const std::string& dialect) {
  Request request(tables, dialect);
  const OperationReply reply = ask_operation(transport, generate_operation, request.json());
  const JsonObject answer = reply.answer();
  FirstSources result;
  for (std::size_t i = 0; i < answer.array("sources").size(); ++i) {
    const JsonObject source = answer.element("sources", i);
    result.sources.push_back({source.non_empty_string("name"), source.value()});
  }
  result.notes = std::move(request.notes);
  return result;
}

}  // namespace ktx::semantic
