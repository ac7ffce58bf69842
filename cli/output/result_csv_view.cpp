#include <string_view>

#include "ktx/app/cell.hpp"
#include "ktx/output/result_view.hpp"

namespace ktx::cli {
namespace {

std::string csv_field(const std::string& text) {
  if (!text.empty() && text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + "\"";
}

}  // namespace

std::string render_csv(const ResultRows& rows) {
  std::string text;
  std::string_view separator;
  for (const std::string& name : rows.headers) {
    text.append(separator).append(csv_field(name));
    separator = ",";
  }
  text += "\r\n";
  // A line without any character would be no row at all.
  const std::string null = rows.headers.size() == 1 ? csv_field("") : "";
  for (const auto& row : rows.result.rows) {
    separator = "";
    for (const database::Value& value : row) {
      text.append(separator).append(app::is_null(value) ? null : csv_field(app::cell_text(value)));
      separator = ",";
    }
    text += "\r\n";
  }
  return text;
}

}  // namespace ktx::cli
