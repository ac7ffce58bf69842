#pragma once

#include <string>

#include "ktx/database/result.hpp"

namespace ktx::cli {

/// The answer to `ktx sql`.
struct SqlAnswer {
  std::string connection_id;
  std::string dialect;
  database::Result result;
};

/// The object of `--format json`: connectionId, dialect, headers, types, rows, rowCount, truncated.
std::string render_sql_json(const SqlAnswer& answer);

/// One line a row, the headers first, cells between tabs.
std::string render_sql_plain(const SqlAnswer& answer);

}  // namespace ktx::cli
