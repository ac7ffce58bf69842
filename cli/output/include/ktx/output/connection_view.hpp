#pragma once

#include <string>
#include <vector>

#include "ktx/app/query_run.hpp"
#include "ktx/database/open_executor.hpp"
#include "ktx/output/output_mode.hpp"

namespace ktx::cli {

/// One row of `ktx connection list`.
struct ConnectionListItem {
  std::string id;
  std::string driver;    ///< empty if ktx.yaml names none
  std::string location;  ///< without secrets; may be empty
  bool readonly = false;
};

std::string render_connection_list(const std::vector<ConnectionListItem>& items, OutputMode mode);

/// The output of `ktx connection test` for a connection that works.
std::string connection_test_text(const std::string& id, const database::ConnectionReport& report);
std::string connection_test_json(const std::string& id, bool readonly,
                                 const database::ConnectionReport& report);

/// The JSON object of `ktx sql`: connectionId, dialect, headers, types, rows, rowCount, truncated.
std::string render_sql_json(const app::SqlAnswer& answer);

/// One line for each row, the headers first, cells separated by tabs.
std::string render_sql_plain(const app::SqlAnswer& answer);

}  // namespace ktx::cli
