#include "ktx/project/json_schema.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "file_shapes.hpp"
#include "golden.hpp"

namespace ktx::project {
namespace {

const std::filesystem::path golden_schemas = KTX_SCHEMA_DIR;

TEST(JsonSchema, IsTheOneThatWasReviewed) {
  const auto expect = [](FileKind kind, const char* name) {
    test::expect_golden(golden_schemas / name, pretty_json(json_schema(kind)));
  };
  expect(FileKind::source, "source.json");
  expect(FileKind::overlay, "overlay.json");
  expect(FileKind::manifest, "manifest.json");
  expect(FileKind::metrics, "metrics.json");
  expect(FileKind::project, "project.json");
}

/// Walks a shape and its schema side by side.
void expect_same(const Shape& shape, const Json& schema, const std::string& path) {
  SCOPED_TRACE(path);
  if (shape.item != nullptr) {
    const char* key = shape.kind == Shape::Kind::list ? "items" : "additionalProperties";
    expect_same(*shape.item, schema.at(key), path + "[]");
  }
  for (const std::string_view choice : shape.choices) {
    EXPECT_NE(std::find(schema.at("enum").begin(), schema.at("enum").end(), choice), schema.at("enum").end());
  }
  if (shape.kind == Shape::Kind::text_or_object) {
    EXPECT_EQ(schema.at("anyOf").at(0), Json({{"type", "string"}}));
    expect_same({Shape::Kind::object, nullptr, shape.object}, schema.at("anyOf").at(1), path + "{}");
    return;
  }
  if (shape.object == nullptr) return;
  EXPECT_EQ(schema.contains("additionalProperties"), shape.object->unknown_keys == Severity::error);
  for (const Field& field : shape.object->fields) {
    const Json& property = schema.at("properties").at(std::string(field.key));
    const Json required = schema.value("required", Json::array());
    EXPECT_EQ(std::find(required.begin(), required.end(), field.key) != required.end(), field.required);
    expect_same(*field.shape, property, path + "." + std::string(field.key));
  }
}

TEST(JsonSchema, HasEveryFieldOfTheTables) {
  expect_same(source_shape, json_schema(FileKind::source), "source");
  expect_same(overlay_shape, json_schema(FileKind::overlay), "overlay");
  expect_same(manifest_shape, json_schema(FileKind::manifest), "manifest");
  expect_same(metrics_shape, json_schema(FileKind::metrics), "metrics");
  expect_same(config_shape, json_schema(FileKind::project), "project");
}

}  // namespace
}  // namespace ktx::project
