#include "sl/query_file.hpp"

#include <algorithm>
#include <array>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

#include "help/usage_message.hpp"
#include "ktx/app/usage_error.hpp"
#include "ktx/project/findings.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/json.hpp"
#include "ktx/yaml/document.hpp"
#include "options.hpp"

namespace ktx::cli {
namespace {

constexpr std::array<std::string_view, 9> query_keys = {"measures",      "dimensions", "filters",
                                                        "segments",      "order_by",   "limit",
                                                        "include_empty", "join_path",  "timezone"};

// Decodes one query. Errors name a place in it: "q.json: order_by[1].direction must be asc or desc".
class QueryDecoder {
 public:
  explicit QueryDecoder(std::string what) : what_(std::move(what)) {}

  semantic::Query decode(const Json& root) const {
    if (!root.is_object()) throw wrong("the query", "must be an object");
    // Unknown members are errors: a misspelt "filter" that is ignored would give wrong numbers.
    for (const auto& [key, value] : root.items()) check_key(key, query_keys, "");
    semantic::Query query;
    for (const auto& [place, item] : items(root, "measures")) query.measures.push_back(measure(item, place));
    if (query.measures.empty()) throw wrong("measures", "must hold at least one measure");
    for (const auto& [place, item] : items(root, "dimensions")) {
      auto [field, granularity] = field_and(item, "granularity", place);
      query.dimensions.push_back({std::move(field), std::move(granularity)});
    }
    for (const auto& [place, item] : items(root, "filters")) query.filters.push_back(text(item, place));
    for (const auto& [place, item] : items(root, "segments")) query.segments.push_back(text(item, place));
    for (const auto& [place, item] : items(root, "order_by")) query.order_by.push_back(order(item, place));
    for (const auto& [place, item] : items(root, "join_path")) query.join_path.push_back(route(item, place));
    read_limit(root, query);
    read_include_empty(root, query);
    if (root.contains("timezone")) query.timezone = text(root.at("timezone"), "timezone");
    return query;
  }

 private:
  using Items = std::vector<std::pair<std::string, Json>>;  ///< each value with its place

  Error wrong(const std::string& place, const std::string& rule) const {
    return {ErrorKind::query, what_ + ": " + place + " " + rule,
            "ktx sl query --help says what a query file holds"};
  }

  template <std::size_t size>
  void check_key(const std::string& key, const std::array<std::string_view, size>& known,
                 const std::string& place) const {
    if (std::ranges::find(known, key) != known.end()) return;
    const std::string meant = project::closest(key, {known.begin(), known.end()});
    throw wrong(place + key,
                "is no member of a query" + (meant.empty() ? "" : "; did you mean " + meant + "?"));
  }

  Items list(const Json& value, const std::string& place) const {
    if (!value.is_array()) throw wrong(place, "must be a list");
    Items result;
    for (std::size_t i = 0; i < value.size(); ++i) {
      result.emplace_back(place + "[" + std::to_string(i) + "]", value.at(i));
    }
    return result;
  }

  Items items(const Json& root, const char* key) const {
    const auto found = root.find(key);
    return found == root.end() ? Items() : list(*found, key);
  }

  std::string text(const Json& value, const std::string& place) const {
    if (!value.is_string() || value.get_ref<const std::string&>().empty()) {
      throw wrong(place, "must be text that is not empty");
    }
    return value.get<std::string>();
  }

  std::optional<std::string> optional_text(const Json& object, const char* key,
                                           const std::string& place) const {
    const auto found = object.find(key);
    if (found == object.end() || found->is_null()) return std::nullopt;
    return text(*found, place + "." + key);
  }

  std::string required_text(const Json& object, const char* key, const std::string& place) const {
    const auto found = object.find(key);
    if (found == object.end()) throw wrong(place + "." + key, "is missing");
    return text(*found, place + "." + key);
  }

  semantic::Measure measure(const Json& value, const std::string& place) const {
    if (value.is_string()) return text(value, place);
    if (!value.is_object()) throw wrong(place, "must be text or an object with expr and name");
    constexpr std::array<std::string_view, 2> keys = {"expr", "name"};
    for (const auto& [key, member] : value.items()) check_key(key, keys, place + ".");
    semantic::Measure measure = required_text(value, "expr", place);
    measure.name = optional_text(value, "name", place);
    return measure;
  }

  // A field as a text, or an object with `field` and perhaps `other`.
  std::pair<std::string, std::optional<std::string>> field_and(const Json& value, const char* other,
                                                               const std::string& place) const {
    if (value.is_string()) return {text(value, place), std::nullopt};
    if (!value.is_object())
      throw wrong(place, "must be text or an object with field and " + std::string(other));
    const std::array<std::string_view, 2> keys = {"field", other};
    for (const auto& [key, member] : value.items()) check_key(key, keys, place + ".");
    return {required_text(value, "field", place), optional_text(value, other, place)};
  }

  semantic::OrderBy order(const Json& value, const std::string& place) const {
    auto [field, direction] = field_and(value, "direction", place);
    if (direction && *direction != "asc" && *direction != "desc") {
      throw wrong(place + ".direction", "must be asc or desc");
    }
    return {std::move(field), std::move(direction)};
  }

  std::vector<std::string> route(const Json& value, const std::string& place) const {
    std::vector<std::string> sources;
    for (const auto& [item_place, item] : list(value, place)) sources.push_back(text(item, item_place));
    if (sources.size() < 2) throw wrong(place, "must name at least two sources");
    return sources;
  }

  void read_limit(const Json& root, semantic::Query& query) const {
    const auto found = root.find("limit");
    if (found == root.end()) return;
    if (!found->is_number_integer() || (found->is_number_integer() && found->get<std::int64_t>() < 0)) {
      throw wrong("limit", "must be a whole number that is not negative");
    }
    query.limit = found->get<std::int64_t>();
  }

  void read_include_empty(const Json& root, semantic::Query& query) const {
    const auto found = root.find("include_empty");
    if (found == root.end()) return;
    if (!found->is_boolean()) throw wrong("include_empty", "must be true or false");
    query.include_empty = found->get<bool>();
  }

  std::string what_;
};

}  // namespace

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
  return QueryDecoder(what).decode(root);
}

semantic::Query read_query_file(const std::string& file, const Context& context) {
  if (file == "-") return parse_query(read_stdin(), "stdin");
  return parse_query(read_file(context.environment.directory / file), file);
}

std::size_t end_of_field(std::string_view text) {
  char quote = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char letter = text[at];
    if (quote != 0) {
      if (letter == quote) quote = 0;
    } else if (letter == ':') {
      return at;
    } else if ((letter == '"' || letter == '`') && at > 0 && text[at - 1] == '.') {
      quote = letter;
    }
  }
  return std::string_view::npos;
}

semantic::Dimension parse_dimension(const std::string& text) {
  const auto colon = end_of_field(text);
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
  const auto colon = end_of_field(text) == std::string::npos ? std::string::npos : text.rfind(':');
  const std::string last = colon == std::string::npos ? "" : text.substr(colon + 1);
  const bool directed = last == "asc" || last == "desc";
  const std::string field = directed ? text.substr(0, colon) : text;
  if (field.empty() || field.front() == ':') {
    throw app::usage_error("--order-by \"" + text + "\" requires a field");
  }
  if (directed) return {field, last};
  // A time column with a granularity is also called so in the output: orders.created_at:month.
  if (colon != std::string::npos && std::ranges::find(granularities, last) == granularities.end()) {
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
