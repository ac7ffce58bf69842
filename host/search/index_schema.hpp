#pragma once

#include "sqlite_connection.hpp"

namespace ktx::search {

/// Makes the index's tables where they are missing or were made by another version of ktx. Tables of the same
/// names that are not ktx's own are renamed: `local_sl_sources` becomes `local_sl_sources_foreign`. Nothing
/// else in the database is touched. Writes only when something is to be done.
void ensure_tables(SqliteConnection& database);

/// Removes the index's own tables; the next `ensure_tables` makes them empty.
void drop_tables(SqliteConnection& database);

}  // namespace ktx::search
