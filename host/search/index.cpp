#include "index.hpp"

#include <utility>

#include "index_schema.hpp"

namespace ktx::search {
namespace {

SqliteConnection with_tables(SqliteConnection database) {
  ensure_tables(database);
  return database;
}

}  // namespace

Index::Index(SqliteConnection database)
    : database_(with_tables(std::move(database))), splitter_(database_.handle()) {}

}  // namespace ktx::search
