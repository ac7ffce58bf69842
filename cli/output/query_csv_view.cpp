#include <string_view>

#include "output/cell.hpp"
#include "output/query_view.hpp"

namespace ktx::cli {
namespace {

std::string field(const std::string& text) {
  if (!text.empty() && text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + "\"";
}

}  // namespace

std::string render_query_csv(const std::vector<std::string>& headers, const database::Result& result) {
  std::string text;
  std::string_view separator;
  for (const std::string& name : headers) {
    text.append(separator).append(field(name));
    separator = ",";
  }
  text += "\r\n";
  // A line without any character would be no row at all.
  const std::string null = headers.size() == 1 ? field("") : "";
  for (const auto& row : result.rows) {
    separator = "";
    for (const database::Value& value : row) {
      text.append(separator).append(is_null(value) ? null : field(cell_text(value)));
      separator = ",";
    }
    text += "\r\n";
  }
  return text;
}

}  // namespace ktx::cli
