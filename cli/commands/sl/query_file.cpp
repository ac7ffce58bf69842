#include "sl/query_file.hpp"

#include <algorithm>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

#include "help/usage_message.hpp"
#include "ktx/app/usage_error.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/json.hpp"
#include "ktx/yaml/document.hpp"
#include "options.hpp"

namespace ktx::cli {

semantic::Query parse_query(std::string_view text, const std::string& what) {
  const Json root = parse_json(text, what, ErrorKind::query);
  // JSON lets the second one win, and half of the question would be lost without a word.
  if (const auto again = repeated_key(text)) {
    const yaml::Mark mark = yaml::mark_of_offset(text, again->offset, 0);
    throw Error(ErrorKind::query,
                what + ":" + std::to_string(mark.line) + ":" + std::to_string(mark.column) + ": the key " +
                    quoted_word(again->key) + " stands here a second time",
                "Put what both hold under one");
  }
  return app::query_from_json(root, what, "ktx sl query --help says what a query file holds");
}

semantic::Query read_query_file(const std::string& file, const Context& context) {
  if (file == "-") return parse_query(read_stdin(), "stdin");
  return parse_query(read_file(context.environment.directory / file), file);
}

semantic::Dimension parse_dimension(const std::string& text) {
  const auto colon = app::end_of_field(text);
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
  const auto colon = app::end_of_field(text) == std::string::npos ? std::string::npos : text.rfind(':');
  const std::string last = colon == std::string::npos ? "" : text.substr(colon + 1);
  const bool directed = last == "asc" || last == "desc";
  const std::string field = directed ? text.substr(0, colon) : text;
  if (field.empty() || field.front() == ':') {
    throw app::usage_error("--order-by \"" + text + "\" requires a field");
  }
  if (directed) return {field, last};
  // A time column with a granularity is also called so in the output: orders.created_at:month.
  if (colon != std::string::npos && std::ranges::find(app::granularities, last) == app::granularities.end()) {
    throw app::usage_error("--order-by " + text + ": direction must be asc or desc");
  }
  return {field, {}};
}

std::vector<std::string> parse_join_path(const std::string& text) {
  std::vector<std::string> sources;
  std::istringstream words(text);
  for (std::string source; std::getline(words, source, ',');) sources.push_back(source);
  // getline() drops an empty name at the end.
  if (sources.size() < 2 || text.back() == ',' || std::ranges::count(sources, "") != 0) {
    throw app::usage_error("--join-path \"" + text +
                           "\": write the sources from the measure's on, as orders,customers,regions");
  }
  return sources;
}

}  // namespace ktx::cli
