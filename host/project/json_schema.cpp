#include "ktx/project/json_schema.hpp"

#include <string>

#include "duration.hpp"
#include "file_shapes.hpp"
#include "shape.hpp"

namespace ktx::project {
namespace {

Json schema_of(const Shape& shape);

Json list_of(std::span<const std::string_view> names) {
  Json list = Json::array();
  for (const std::string_view name : names) list.push_back(name);
  return list;
}

// An optional member that is null counts as absent, so its schema allows null.
Json or_null(Json schema) {
  if (schema.contains("anyOf")) schema["anyOf"].push_back({{"type", "null"}});
  if (schema.contains("type")) schema["type"] = Json::array({schema["type"], "null"});
  if (schema.contains("enum")) schema["enum"].push_back(nullptr);
  return schema;
}

// Each of the keys has a value.
Json all_of(std::span<const std::string_view> keys) {
  Json properties = Json::object();
  for (const std::string_view key : keys) properties[std::string(key)] = {{"not", {{"type", "null"}}}};
  return {{"required", list_of(keys)}, {"properties", std::move(properties)}};
}

// Exactly one of the keys has a value; the others are absent or null.
Json exactly_one(std::span<const std::string_view> keys) {
  Json alternatives = Json::array();
  for (std::size_t i = 0; i < keys.size(); ++i) alternatives.push_back(all_of(keys.subspan(i, 1)));
  return alternatives;
}

Json object_schema(const ObjectShape& object) {
  Json schema = {{"type", "object"}, {"title", object.name}};
  Json required = Json::array();
  for (const Field& field : object.fields) {
    const Json value = schema_of(*field.shape);
    schema["properties"][std::string(field.key)] = field.required ? value : or_null(value);
    if (field.required) required.push_back(field.key);
  }
  if (!required.empty()) schema["required"] = required;
  if (!object.exactly_one.empty()) schema["oneOf"] = exactly_one(object.exactly_one);
  if (!object.not_both.empty()) schema["not"] = all_of(object.not_both);
  // Keys that are only a warning must not turn a file red in an editor.
  if (object.unknown_keys == Severity::error) schema["additionalProperties"] = false;
  return schema;
}

Json list_schema(const Shape& shape) {
  Json schema = {{"type", "array"}, {"items", schema_of(*shape.item)}};
  if (shape.not_empty) schema["minItems"] = 1;
  return schema;
}

Json schema_of(const Shape& shape) {
  switch (shape.kind) {
    case Shape::Kind::any: break;
    case Shape::Kind::text: return {{"type", "string"}};
    case Shape::Kind::number: return {{"type", "number"}};
    case Shape::Kind::boolean: return {{"type", "boolean"}};
    case Shape::Kind::duration: return {{"type", "string"}, {"pattern", duration_pattern()}};
    case Shape::Kind::choice: return {{"type", "string"}, {"enum", list_of(shape.choices)}};
    case Shape::Kind::list: return list_schema(shape);
    case Shape::Kind::map: return {{"type", "object"}, {"additionalProperties", schema_of(*shape.item)}};
    case Shape::Kind::object: return object_schema(*shape.object);
    case Shape::Kind::text_or_object:
      return {{"anyOf", Json::array({Json{{"type", "string"}}, object_schema(*shape.object)})}};
  }
  return Json::object();
}

// The schema of the value at a dotted path; nothing is required of the values on the way.
Json& at_path(Json& schema, std::string_view path) {
  Json* place = &schema;
  for (;;) {
    const auto dot = path.find('.');
    place = &(*place)["properties"][std::string(path.substr(0, dot))];
    if (dot == std::string_view::npos) return *place;
    path.remove_prefix(dot + 1);
  }
}

Json config_schema() {
  Json schema = schema_of(config_shape);
  at_path(schema, "project")["pattern"] = "\\S";  // a blank name counts as missing
  for (const Choice& choice : choices) {
    Json values = list_of(choice.values);
    values.push_back(nullptr);
    at_path(schema, choice.path) = {{"enum", values}};
  }
  for (const LegacyKey& legacy : legacy_keys) {
    // `not: {}` allows no value at all.
    at_path(schema, legacy.path) = {{"not", Json::object()},
                                    {"description", "Use " + std::string(legacy.replacement)}};
  }
  return schema;
}

Json body(FileKind kind) {
  switch (kind) {
    case FileKind::source: return schema_of(source_shape);
    case FileKind::overlay: return schema_of(overlay_shape);
    case FileKind::manifest: return schema_of(manifest_shape);
    case FileKind::metrics: return schema_of(metrics_shape);
    case FileKind::project: break;
  }
  return config_schema();
}

}  // namespace

Json json_schema(FileKind kind) {
  Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"}};
  schema.update(body(kind));
  return schema;
}

}  // namespace ktx::project
