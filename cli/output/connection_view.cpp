#include "ktx/output/connection_view.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "ktx/app/cell.hpp"
#include "ktx/output/list_view.hpp"
#include "ktx/terminal/shown_text.hpp"
#include "ktx/terminal/text_width.hpp"
#include "ktx/util/json.hpp"
#include "result_columns.hpp"

namespace ktx::cli {
namespace {

using ConnectionRow = std::array<std::string, 4>;

ConnectionRow connection_row(const ConnectionListItem& item) {
  return {printable(item.id), item.driver.empty() ? "-" : printable(item.driver),
          item.readonly ? "yes" : "no", item.location.empty() ? "-" : printable(item.location)};
}

std::string connections_json(const std::vector<ConnectionListItem>& items) {
  Json list = Json::array();
  for (const ConnectionListItem& item : items) {
    list.push_back({{"connectionId", item.id},
                    {"driver", item.driver.empty() ? Json() : Json(item.driver)},
                    {"readonly", item.readonly},
                    {"location", item.location.empty() ? Json() : Json(item.location)}});
  }
  return list_json(std::move(list), "connection list");
}

std::string connections_plain(const std::vector<ConnectionListItem>& items) {
  std::string text;
  for (const ConnectionListItem& item : items) {
    const ConnectionRow row = connection_row(item);
    text += row[0] + "\t" + row[1] + "\treadonly=" + row[2] + "\tlocation=" + row[3] + "\n";
  }
  return text;
}

std::string connections_table(const std::vector<ConnectionListItem>& items) {
  std::vector<ConnectionRow> rows = {{"ID", "DRIVER", "READ-ONLY", "LOCATION"}};
  for (const ConnectionListItem& item : items) rows.push_back(connection_row(item));
  std::string text;
  for (const ConnectionRow& row : rows) {
    for (std::size_t column = 0; column + 1 < row.size(); ++column) {
      std::size_t width = 0;
      for (const ConnectionRow& other : rows) width = std::max(width, display_width(other[column]));
      text += row[column] + std::string(width - display_width(row[column]) + 2, ' ');
    }
    // The last column is not padded: no blanks at the ends of lines.
    text += row.back() + "\n";
  }
  return items.empty() ? "No connections in ktx.yaml\n" : text;
}

// A line of cells between tabs. `printable` keeps tabs and line breaks in a cell from looking like
// separators.
template <typename Cells, typename Text>
std::string tabbed(const Cells& cells, Text text_of) {
  std::string line;
  std::string_view separator;
  for (const auto& cell : cells) {
    line.append(separator).append(printable(text_of(cell)));
    separator = "\t";
  }
  return line + "\n";
}

}  // namespace

std::string render_connection_list(const std::vector<ConnectionListItem>& items, OutputMode mode) {
  switch (mode) {
    case OutputMode::json: return connections_json(items);
    case OutputMode::plain: return connections_plain(items);
    case OutputMode::pretty: return connections_table(items);
  }
  return {};
}

std::string connection_test_text(const std::string& id, const database::ConnectionReport& report) {
  std::string text = "Connection test passed: " + id + "\nDriver: " + report.driver +
                     "\nTables: " + std::to_string(report.tables) + "\n";
  // What a server says of itself must not control the terminal.
  if (report.server_version) text += "Server version: " + printable(*report.server_version) + "\n";
  if (report.database) text += "Database: " + printable(*report.database) + "\n";
  return text +
         "Read-only: " + (report.read_only_enforced ? "enforced, " : "not enforced by the database, ") +
         report.read_only_how + "\n";
}

std::string connection_test_json(const std::string& id, bool readonly,
                                 const database::ConnectionReport& report) {
  Json json = {{"connectionId", id}, {"driver", report.driver}, {"tables", report.tables}};
  json["schemas"] = report.schemas;
  json["serverVersion"] = report.server_version ? Json(*report.server_version) : Json();
  json["database"] = report.database ? Json(*report.database) : Json();
  json["readonly"] = readonly;
  json["readOnlyEnforced"] = report.read_only_enforced;
  json["readOnlyHow"] = report.read_only_how;
  return pretty_json(json);
}

std::string render_sql_json(const app::SqlAnswer& answer) {
  const database::Result& result = answer.result;
  Json json = {{"connectionId", answer.connection_id}, {"dialect", answer.dialect}};
  json["headers"] = result.columns;
  Json& types = json["types"] = Json::array();
  for (const database::ColumnType type : result.types) types.push_back(database::type_name(type));
  // Some drivers name no types; the list is as long as the headers all the same.
  while (types.size() < result.columns.size())
    types.push_back(database::type_name(database::ColumnType::unknown));
  json["rows"] = app::rows_json(result);
  json["rowCount"] = result.rows.size();
  json["truncated"] = result.truncated;
  return pretty_json(json);
}

std::string render_sql_plain(const app::SqlAnswer& answer) {
  std::string text = tabbed(answer.result.columns, [](const std::string& name) { return name; });
  for (const auto& row : answer.result.rows) text += tabbed(row, app::cell_text);
  return text;
}

}  // namespace ktx::cli
