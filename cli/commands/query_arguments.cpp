#include "commands/query_arguments.hpp"

#include <algorithm>
#include <sstream>

#include "commands/usage_error.hpp"

namespace ktx::cli {

semantic::Dimension parse_dimension(const std::string& text) {
  const auto colon = text.find(':');
  if (colon == std::string::npos) {
    if (text.empty()) throw usage_error("--dimension requires a field");
    return {text, {}};
  }
  const std::string granularity = text.substr(colon + 1);
  if (colon == 0 || granularity.empty() || granularity.find(':') != std::string::npos) {
    throw usage_error("--dimension " + text +
                      ": write a field or field:granularity, as orders.created_at:month");
  }
  return {text.substr(0, colon), granularity};
}

semantic::OrderBy parse_order_by(const std::string& text) {
  const auto colon = text.find(':');
  const std::string field = text.substr(0, colon);
  if (field.empty()) throw usage_error("--order-by \"" + text + "\" requires a field");
  if (colon == std::string::npos) return {field, {}};
  const std::string direction = text.substr(colon + 1);
  if (direction != "asc" && direction != "desc") {
    throw usage_error("--order-by " + text + ": direction must be asc or desc");
  }
  return {field, direction};
}

std::vector<std::string> parse_join_path(const std::string& text) {
  std::vector<std::string> sources;
  std::istringstream words(text);
  for (std::string source; std::getline(words, source, ',');) sources.push_back(source);
  if (sources.size() < 2 || text.back() == ',' || std::ranges::count(sources, "") != 0) {
    throw usage_error("--join-path \"" + text +
                      "\": write the sources from the measure's on, as orders,customers,regions");
  }
  return sources;
}

}  // namespace ktx::cli
