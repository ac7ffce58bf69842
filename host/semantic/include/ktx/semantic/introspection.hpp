#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/semantic/transport.hpp"
#include "ktx/util/json.hpp"

namespace ktx::semantic {

inline constexpr std::string_view introspect_operation = "database-introspect";

struct DatabaseColumn {
  std::string name;
  std::string type;  ///< the database's own word
  bool nullable = true;
  bool primary_key = false;
  std::optional<std::string> comment;
  /// How the column stores times where its type does not say: "unix", "unix_ms", "julian", "iso", …
  std::optional<std::string> kept_as = std::nullopt;
};

/// One column of a foreign key; those of one key follow each other with the same `constraint`.
struct ForeignKeyColumn {
  std::string column;
  std::string to_table;  ///< with its schema in front when that is another one
  std::string to_column;
  std::optional<std::string> constraint;
};

struct DatabaseTable {
  std::optional<std::string> catalog;
  std::optional<std::string> schema;
  std::string name;
  std::optional<std::string> comment;
  std::vector<DatabaseColumn> columns;
  std::vector<ForeignKeyColumn> foreign_keys;
};

struct Introspection {
  std::vector<DatabaseTable> tables;
  std::vector<std::string> warnings;  ///< what was left out, in sentences
};

/// Whether the tables of the driver's databases can be read.
bool can_introspect(std::string_view driver);

/// The tables and views of a database. `request` names it: `connection_id`, `driver`, `settings` (with
/// secrets in place of the references to them) and `project_directory`. `schemas` says where to look; empty
/// means the database's default. Throws the reply's error (`database` if it cannot be reached), and an
/// `internal` error if a member of the reply is missing or ill-typed.
Introspection introspect(Transport& transport, Json request, const std::vector<std::string>& schemas);

inline constexpr std::string_view generate_operation = "semantic-generate-sources";

/// A first source for a table, as setup suggests it.
struct FirstSource {
  std::string name;
  Json definition;  ///< its mapping, as its file has it
};

struct FirstSources {
  std::vector<FirstSource> sources;
  std::vector<std::string> notes;  ///< what was left out, in sentences
};

/// A source for each table, with measures, and with a join for each foreign key. If two tables have the same
/// name, only the first gets a source. `dialect` decides how names are quoted. Throws the reply's error.
FirstSources first_sources(Transport& transport, const std::vector<DatabaseTable>& tables,
                           const std::string& dialect);

}  // namespace ktx::semantic
