#include "ktx/output/sql_view.hpp"

#include <array>
#include <string_view>

#include "ktx/app/cell.hpp"
#include "ktx/terminal/text_width.hpp"

namespace ktx::cli {
namespace {

std::string_view type_name(database::ColumnType type) {
  constexpr std::array<std::string_view, 6> names = {"unknown", "number",  "text",
                                                     "time",    "boolean", "binary"};
  return names.at(static_cast<std::size_t>(type));
}

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

std::string render_sql_json(const app::SqlAnswer& answer) {
  const database::Result& result = answer.result;
  Json json = {{"connectionId", answer.connection_id}, {"dialect", answer.dialect}};
  json["headers"] = result.columns;
  Json& types = json["types"] = Json::array();
  for (const database::ColumnType type : result.types) types.push_back(type_name(type));
  while (types.size() < result.columns.size()) types.push_back(type_name(database::ColumnType::unknown));
  Json& rows = json["rows"] = Json::array();
  for (const auto& row : result.rows) {
    Json cells = Json::array();
    for (const database::Value& value : row) cells.push_back(app::cell_json(value));
    rows.push_back(std::move(cells));
  }
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
