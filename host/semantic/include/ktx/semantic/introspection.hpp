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
  /// What its values are where the type says nothing of that: "unix", "unix_ms", "julian", "iso", …
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

/// The tables and views of a database. `request` has what names it: `connection_id`, `driver`, `settings`
/// (with secrets in place of references to them) and `project_directory`; `schemas`, when there are any, says
/// where to look, else it is the database's own default. Throws the error of the reply (`database` when it
/// cannot be reached), and an `internal` error when a member of the reply is missing or ill-typed.
Introspection introspect(Transport& transport, Json request, const std::vector<std::string>& schemas);

inline constexpr std::string_view generate_operation = "semantic-generate-sources";

/// A source that suggests itself for a table.
struct FirstSource {
  std::string name;
  Json definition;  ///< its mapping, as its file has it
};

struct FirstSources {
  std::vector<FirstSource> sources;
  std::vector<std::string> notes;  ///< what is not in them, in sentences
};

/// A source for each table, with measures, and with joins where foreign keys say so. Of two tables with one
/// name the first gets one. `dialect` is what names are written in. Throws the error of the reply.
FirstSources first_sources(Transport& transport, const std::vector<DatabaseTable>& tables,
                           const std::string& dialect);

}  // namespace ktx::semantic
