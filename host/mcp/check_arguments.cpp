#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ktx/mcp/refusal.hpp"
#include "ktx/mcp/tool.hpp"
#include "ktx/project/findings.hpp"
#include "ktx/util/error.hpp"

namespace ktx::mcp {
namespace {

Error wrong(const std::string& place, const std::string& rule, std::string fix = {}) {
  return {ErrorKind::usage, (place.empty() ? "the arguments" : "`" + place + "`") + " " + rule,
          std::move(fix)};
}

bool is_whole(const Json& value) {
  if (value.is_number_integer()) return true;
  return value.is_number_float() && value.get<double>() == std::floor(value.get<double>());
}

bool has_type(const Json& value, std::string_view type) {
  if (type == "string") return value.is_string();
  if (type == "integer") return is_whole(value);
  if (type == "number") return value.is_number();
  if (type == "boolean") return value.is_boolean();
  if (type == "array") return value.is_array();
  if (type == "object") return value.is_object();
  return type == "null" && value.is_null();
}

std::string named(std::string_view type) {
  if (type == "string") return "a text";
  if (type == "integer") return "a whole number";
  if (type == "number") return "a number";
  if (type == "boolean") return "true or false";
  if (type == "array") return "a list";
  return type == "object" ? "an object" : "null";
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

void check(const Json& value, const Json& schema, const std::string& place);

// "order_by[1].direction" as a JSON pointer: "/order_by/1/direction".
std::string pointer_to(const std::string& place) {
  std::string pointer;
  for (const char c : place.empty() ? std::string() : "." + place) {
    if (c == '.' || c == '[') {
      pointer += '/';
    } else if (c != ']') {
      pointer += c;
    }
  }
  return pointer;
}

std::vector<std::string> keys_of(const Json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, member] : object.items()) keys.push_back(key);
  return keys;
}

// Arguments of the command line that no tool calls so.
std::string command_argument(const std::string& key) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> words = {
      {{"connection", "connectionId"},
       {"database", "connectionId"},
       {"source", "sourceName"},
       {"name", "sourceName"},
       {"text", "query"},
       {"question", "query"},
       {"statement", "sql"},
       {"granularities", "granularity"}}};
  const auto found =
      std::ranges::find(words, std::string_view(key), &std::pair<std::string_view, std::string_view>::first);
  return found == words.end() ? "" : std::string(found->second);
}

// `place` is the JSON pointer of the object.
void check_key(const std::string& key, const Json& properties, const std::string& prefix,
               const std::string& place) {
  const std::vector<std::string> known = keys_of(properties);
  std::string meant = command_argument(key);
  if (!properties.contains(meant)) meant = meant_name(key, known);
  const Error error =
      wrong(prefix + key, "is no argument" + (meant.empty() ? "" : "; did you mean `" + meant + "`?"),
            "Use some of: " + joined(known));
  const Json::json_pointer where = Json::json_pointer(place) / key;
  throw meant.empty() ? error : error.with({.suggestions = {meant}, .request_path = where.to_string()});
}

void check_object(const Json& value, const Json& schema, const std::string& place) {
  const Json none = Json::object();
  const auto found = schema.find("properties");
  const Json& properties = found == schema.end() ? none : *found;
  const std::string prefix = place.empty() ? "" : place + ".";
  const bool is_open = schema.value("additionalProperties", Json(true)) != Json(false);
  for (const auto& [key, member] : value.items()) {
    if (properties.contains(key)) {
      check(member, properties.at(key), prefix + key);
    } else if (!is_open) {
      check_key(key, properties, prefix, pointer_to(place));
    }
  }
  for (const Json& key : schema.value("required", Json::array())) {
    if (!value.contains(key.get<std::string>())) throw wrong(prefix + key.get<std::string>(), "is missing");
  }
}

void check_array(const Json& value, const Json& schema, const std::string& place) {
  if (value.size() < schema.value("minItems", std::size_t{0})) throw wrong(place, "must not be empty");
  if (!schema.contains("items")) return;
  for (std::size_t i = 0; i < value.size(); ++i) {
    check(value[i], schema.at("items"), place + "[" + std::to_string(i) + "]");
  }
}

void check_text(const Json& value, const Json& schema, const std::string& place) {
  const auto size = value.get_ref<const std::string&>().size();
  if (size < schema.value("minLength", std::size_t{0})) throw wrong(place, "must not be empty");
  if (schema.contains("maxLength") && size > schema.at("maxLength").get<std::size_t>()) {
    throw wrong(place, "must have at most " + schema.at("maxLength").dump() + " bytes");
  }
}

void check_number(const Json& value, const Json& schema, const std::string& place) {
  // Beyond it clients round, and a number that no counter holds would become another one.
  constexpr std::int64_t largest_exact = (std::int64_t{1} << 53U) - 1;
  const auto number = value.get<double>();
  if (schema.contains("minimum") && number < schema.at("minimum").get<double>()) {
    throw wrong(place, "must be at least " + schema.at("minimum").dump());
  }
  if (schema.contains("maximum") && number > schema.at("maximum").get<double>()) {
    throw wrong(place, "must be at most " + schema.at("maximum").dump());
  }
  if (schema.value("type", "") == "integer" && std::abs(number) > static_cast<double>(largest_exact)) {
    throw wrong(place, "must be at most " + std::to_string(largest_exact));
  }
}

// Of alternatives that differ in their type, the error is that of the one with the value's type.
void check_any(const Json& value, const Json& alternatives, const std::string& place) {
  std::vector<std::string> types;
  for (const Json& alternative : alternatives) {
    const std::string type = alternative.value("type", "");
    if (has_type(value, type)) return check(value, alternative, place);
    types.push_back(named(type));
  }
  std::string all;
  for (const std::string& type : types) all += (all.empty() ? "" : " or ") + type;
  throw wrong(place, "must be " + all);
}

void check_enum(const Json& value, const Json& allowed, const std::string& place) {
  if (std::ranges::find(allowed, value) != allowed.end()) return;
  std::vector<std::string> words;
  for (const Json& word : allowed) words.push_back(word.is_string() ? word.get<std::string>() : word.dump());
  const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  const std::string meant = project::closest(text, {words.begin(), words.end()});
  const Error error = wrong(
      place, "must be one of: " + joined(words) + (meant.empty() ? "" : "; did you mean `" + meant + "`?"));
  throw meant.empty() ? error : error.with({.suggestions = {meant}, .request_path = pointer_to(place)});
}

void check(const Json& value, const Json& schema, const std::string& place) {
  if (schema.contains("anyOf")) return check_any(value, schema.at("anyOf"), place);
  const std::string type = schema.value("type", "");
  if (!type.empty() && !has_type(value, type)) throw wrong(place, "must be " + named(type));
  if (schema.contains("enum")) check_enum(value, schema.at("enum"), place);
  if (value.is_object()) return check_object(value, schema, place);
  if (value.is_array()) return check_array(value, schema, place);
  if (value.is_string()) return check_text(value, schema, place);
  if (value.is_number()) check_number(value, schema, place);
}

}  // namespace

void check_arguments(const Json& arguments, const Json& schema) { check(arguments, schema, ""); }

}  // namespace ktx::mcp
