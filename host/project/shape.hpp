#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "ktx/project/findings.hpp"
#include "ktx/util/finding.hpp"

namespace ktx::project {

struct ObjectShape;

/// What a YAML value must look like.
struct Shape {
  enum class Kind : std::uint8_t {
    any,
    text,
    number,
    boolean,
    choice,
    duration,  ///< a text such as "28 days"
    list,
    map,
    object,
    text_or_object,
  };

  Kind kind = Kind::any;
  const Shape* item = nullptr;                     ///< of a list or a map
  const ObjectShape* object = nullptr;             ///< of an object, or of what may be one
  std::span<const std::string_view> choices = {};  ///< of a choice
  bool not_empty = false;  ///< of a list; for the JSON Schema only, because composition may fill it
};

struct Field {
  std::string_view key;
  const Shape* shape;
  bool required = false;
};

/// A mapping with known keys.
struct ObjectShape {
  std::string_view name;  ///< with its article, for messages: "a column"
  std::span<const Field> fields;
  std::optional<Severity> unknown_keys = Severity::error;  ///< std::nullopt: they are left alone
  std::span<const std::string_view> other_names = {};      ///< further names to suggest for an unknown key
  std::span<const std::string_view> exactly_one = {};      ///< of these keys; the loader words the finding
  std::span<const std::string_view> not_both = {};         ///< two keys; the loader words the finding
};

/// The kind of YAML value that has the shape; std::nullopt if several kinds may have it.
std::optional<yaml::Kind> yaml_kind(const Shape& shape);

/// Reports where `node` differs from `shape`, and removes optional members that are null, because they count
/// as absent. Messages name values by their path from `node`: "columns[2].type".
void check_shape(yaml::Node& node, const Shape& shape, Findings& findings);

}  // namespace ktx::project
