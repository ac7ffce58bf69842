#include "ktx/app/query_json.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "ktx/project/findings.hpp"
#include "ktx/util/error.hpp"

namespace ktx::app {
namespace {

constexpr std::array<std::string_view, 14> query_keys = {
    "measures", "dimensions", "filters", "segments", "order_by",  "limit",     "include_empty",
    "fill",     "compare",    "top",     "per",      "each_once", "join_path", "timezone"};

// Decodes one query. Errors name a place in it: "q.json: order_by[1].direction must be asc or desc".
class QueryDecoder {
 public:
  QueryDecoder(std::string what, std::string fix) : what_(std::move(what)), fix_(std::move(fix)) {}

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
    query.limit = read_count(root, "limit", 0, "must be a whole number that is not negative");
    query.include_empty = read_flag(root, "include_empty");
    query.fill = read_flag(root, "fill").value_or(false);
    if (root.contains("compare")) query.compare = text(root.at("compare"), "compare");
    query.top = read_count(root, "top", 1, "must be a whole number from 1 on");
    for (const auto& [place, item] : items(root, "per")) query.per.push_back(text(item, place));
    query.each_once = read_flag(root, "each_once").value_or(false);
    if (root.contains("timezone")) query.timezone = text(root.at("timezone"), "timezone");
    return query;
  }

 private:
  using Items = std::vector<std::pair<std::string, Json>>;  ///< each value with its place

  Error wrong(const std::string& place, const std::string& rule) const {
    return {ErrorKind::query, what_ + ": " + place + " " + rule, fix_};
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

  std::optional<std::int64_t> read_count(const Json& root, const char* key, std::int64_t least,
                                         const char* rule) const {
    const auto found = root.find(key);
    if (found == root.end()) return std::nullopt;
    if (!found->is_number_integer() || found->get<std::int64_t>() < least) throw wrong(key, rule);
    return found->get<std::int64_t>();
  }

  std::optional<bool> read_flag(const Json& root, const char* key) const {
    const auto found = root.find(key);
    if (found == root.end()) return std::nullopt;
    if (!found->is_boolean()) throw wrong(key, "must be true or false");
    return found->get<bool>();
  }

  std::string what_;
  std::string fix_;
};

}  // namespace

semantic::Query query_from_json(const Json& root, const std::string& what, const std::string& fix) {
  return QueryDecoder(what, fix).decode(root);
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

Json warnings_json(const std::vector<semantic::Warning>& warnings) {
  Json list = Json::array();
  for (const semantic::Warning& warning : warnings) {
    Json& entry = list.emplace_back();
    entry["code"] = warning.code;
    entry["severity"] = warning.severity;
    entry["message"] = warning.message;
    if (!warning.place.empty()) entry["place"] = warning.place;
  }
  return list;
}

}  // namespace ktx::app
