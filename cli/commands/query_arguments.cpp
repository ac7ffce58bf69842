#include "query_arguments.hpp"

#include <algorithm>
#include <array>
#include <sstream>
#include <string_view>

#include "ktx/app/usage_error.hpp"

namespace ktx::cli {
namespace {

constexpr std::array<std::string_view, 8> grains = {"second", "minute", "hour",    "day",
                                                    "week",   "month",  "quarter", "year"};

}  // namespace

semantic::Dimension parse_dimension(const std::string& text) {
  const auto colon = text.find(':');
  if (colon == std::string::npos) {
    if (text.empty()) throw app::usage_error("--dimension requires a field");
    return {text, {}};
  }
  const std::string granularity = text.substr(colon + 1);
  if (colon == 0 || granularity.empty() || granularity.find(':') != std::string::npos) {
    throw app::usage_error("--dimension " + text +
                           ": write a field or field:granularity, as orders.created_at:month");
  }
  return {text.substr(0, colon), granularity};
}

semantic::OrderBy parse_order_by(const std::string& text) {
  const auto colon = text.rfind(':');
  const std::string last = colon == std::string::npos ? "" : text.substr(colon + 1);
  const bool directed = last == "asc" || last == "desc";
  const std::string field = directed ? text.substr(0, colon) : text;
  if (field.empty() || field.front() == ':') {
    throw app::usage_error("--order-by \"" + text + "\" requires a field");
  }
  if (directed) return {field, last};
  // The output shows a column of time with its grain where it has several: orders.created_at:month.
  if (colon != std::string::npos && std::ranges::find(grains, last) == grains.end()) {
    throw app::usage_error("--order-by " + text + ": direction must be asc or desc");
  }
  return {field, {}};
}

std::vector<std::string> parse_join_path(const std::string& text) {
  std::vector<std::string> sources;
  std::istringstream words(text);
  for (std::string source; std::getline(words, source, ',');) sources.push_back(source);
  if (sources.size() < 2 || text.back() == ',' || std::ranges::count(sources, "") != 0) {
    throw app::usage_error("--join-path \"" + text +
                           "\": write the sources from the measure's on, as orders,customers,regions");
  }
  return sources;
}

}  // namespace ktx::cli
