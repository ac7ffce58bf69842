#include "manifest_projection.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ktx::project {
namespace {

constexpr std::array<std::string_view, 18> number_types = {
    "integer", "bigint",   "smallint", "numeric", "decimal", "float",  "double",           "real",
    "int",     "int2",     "int4",     "int8",    "float4",  "float8", "double precision", "number",
    "tinyint", "mediumint"};
constexpr std::array<std::string_view, 11> time_types = {"timestamp",
                                                         "timestamptz",
                                                         "timestamp with time zone",
                                                         "timestamp without time zone",
                                                         "timestamp_ntz",
                                                         "timestamp_ltz",
                                                         "timestamp_tz",
                                                         "datetime",
                                                         "date",
                                                         "time",
                                                         "timetz"};

std::string normal_type(std::string_view type) {
  std::string text(type.substr(0, type.find('(')));
  text.erase(0, text.find_first_not_of(' '));
  text.erase(text.find_last_not_of(' ') + 1);
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

void copy(const YamlNode& from, YamlNode& to, std::string_view key) {
  if (const YamlNode* value = from.find_value(key)) to.set(key, *value);
}

/// `descriptions`, with the older keys `description` (written by a model) and `db_description` as its
/// entries "ai" and "db" where it lacks these.
void copy_descriptions(const YamlNode& from, YamlNode& to) {
  const YamlNode* given = from.find_value("descriptions");
  YamlNode descriptions = given == nullptr ? YamlNode::mapping(from.mark) : *given;
  constexpr std::array<std::pair<std::string_view, std::string_view>, 2> older = {
      {{"description", "ai"}, {"db_description", "db"}}};
  for (const auto& [key, entry] : older) {
    const YamlNode* value = from.find_value(key);
    if (value != nullptr && descriptions.find(entry) == nullptr) descriptions.set(entry, *value);
  }
  if (!descriptions.members.empty()) to.set("descriptions", std::move(descriptions));
}

YamlNode project_column(const YamlNode& column) {
  YamlNode result = YamlNode::mapping(column.mark);
  copy(column, result, "name");
  if (const YamlNode* type = column.find_value("type")) {
    // A number or a text that keeps times is one of them to the model.
    const bool keeps_times = column.find_value("storage") != nullptr;
    const std::string_view mapped = keeps_times ? "time" : map_column_type(type->text);
    result.set("type", YamlNode::string(std::string(mapped), type->mark));
    if (mapped == "time") result.set("role", YamlNode::string("time", type->mark));
  }
  copy_descriptions(column, result);
  for (const char* key : {"storage", "constraints", "enum_values", "tests"}) copy(column, result, key);
  return result;
}

YamlNode project_join(const YamlNode& join) {
  YamlNode result = YamlNode::mapping(join.mark);
  for (const char* key : {"to", "on", "relationship"}) copy(join, result, key);
  return result;
}

bool is_primary_key(const YamlNode& column) {
  const YamlNode* key = column.find("pk");
  return key != nullptr && key->is(YamlKind::boolean) && key->boolean();
}

YamlNode grain_of(const YamlNode& columns) {
  YamlNode grain = YamlNode::sequence(columns.mark);
  const bool has_key = std::ranges::any_of(columns.items, is_primary_key);
  for (const YamlNode& column : columns.items) {
    const YamlNode* name = column.find_value("name");
    if (name != nullptr && (!has_key || is_primary_key(column))) grain.items.push_back(*name);
  }
  return grain;
}

}  // namespace

std::string_view map_column_type(std::string_view database_type) {
  const std::string type = normal_type(database_type);
  if (std::ranges::find(number_types, type) != number_types.end()) return "number";
  if (std::ranges::find(time_types, type) != time_types.end()) return "time";
  return type == "boolean" || type == "bool" ? "boolean" : "string";
}

Source project_manifest_table(const YamlMember& table) {
  const YamlNode& entry = table.value;
  Source source{table.key, table.mark, YamlNode::mapping(entry.mark)};
  YamlNode& definition = source.definition;
  definition.set("name", YamlNode::string(table.key, table.mark));
  copy(entry, definition, "table");
  copy_descriptions(entry, definition);
  if (const YamlNode* columns = entry.find_value("columns")) {
    definition.set("grain", grain_of(*columns));
    YamlNode projected = YamlNode::sequence(columns->mark);
    std::ranges::transform(columns->items, std::back_inserter(projected.items), project_column);
    definition.set("columns", std::move(projected));
  }
  if (const YamlNode* joins = entry.find_value("joins")) {
    YamlNode projected = YamlNode::sequence(joins->mark);
    std::ranges::transform(joins->items, std::back_inserter(projected.items), project_join);
    definition.set("joins", std::move(projected));
  }
  for (const char* key : {"default_time_dimension", "tags", "freshness", "timezone"})
    copy(entry, definition, key);
  return source;
}

}  // namespace ktx::project
