#include "ktx/output/query_view.hpp"
#include "ktx/terminal/text_width.hpp"

namespace ktx::cli {

std::string render_warnings(const std::vector<semantic::Warning>& warnings, const Style& style) {
  std::string text;
  for (const semantic::Warning& warning : warnings) {
    if (!warning.place.empty()) text.append(warning.place).append(": ");
    // A message may quote the query, which may hold line breaks and control characters.
    text.append(style.severity(warning.severity)).append(": ").append(printable(warning.message));
    text.append(" [").append(warning.code).append("]\n");
  }
  return text;
}

}  // namespace ktx::cli
