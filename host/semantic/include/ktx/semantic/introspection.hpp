#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/semantic/transport.hpp"

namespace ktx::semantic {

inline constexpr std::string_view introspect_operation = "database-introspect";
inline constexpr std::string_view test_operation = "database-test";

/// A database to look into, and where: `schemas` empty means the database's own default.
struct DatabaseAddress {
  std::string connection_id;
  std::string driver;
  std::string url;  ///< or the path of a file; with its secrets
  std::vector<std::string> schemas;
};

struct DatabaseColumn {
  std::string name;
  std::string type;  ///< the database's own word
  bool nullable = true;
  bool primary_key = false;
  std::optional<std::string> comment;
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

/// The schemas of a database with several, by the operation `database-test`. Throws as `introspect`.
std::vector<std::string> list_schemas(Transport& transport, const DatabaseAddress& address);

/// The tables and views of the database. Throws the error of the reply (`database` when it cannot be
/// reached), and an `internal` error when a member of the reply is missing or ill-typed.
Introspection introspect(Transport& transport, const DatabaseAddress& address);

}  // namespace ktx::semantic
