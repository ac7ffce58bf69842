#pragma once

#include <string>

#include "ktx/app/query_run.hpp"

namespace ktx::cli {

/// The object of `--format json`: connectionId, dialect, headers, types, rows, rowCount, truncated.
std::string render_sql_json(const app::SqlAnswer& answer);

/// One line a row, the headers first, cells between tabs.
std::string render_sql_plain(const app::SqlAnswer& answer);

}  // namespace ktx::cli
