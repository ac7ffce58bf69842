#pragma once

#include <span>
#include <string_view>

#include "shape.hpp"

namespace ktx::project {

/// The keys of ktx.yaml that ktx reads. A value of another type is ignored with a warning; other keys are
/// left alone.
extern const Shape config_shape;

/// The calendar in a mapping of ktx.yaml. Of what it holds, other keys are errors.
extern const Shape calendar_holder_shape;

/// A key of an older format, which is an error.
struct LegacyKey {
  std::string_view path;         ///< "llm.provider.provider"
  std::string_view replacement;  ///< the path of its successor
};

/// A setting that takes one of a few values; any other is an error.
struct Choice {
  std::string_view path;
  std::span<const std::string_view> values;
};

extern const std::span<const LegacyKey> legacy_keys;
extern const std::span<const Choice> choices;

/// A source file with a table or SQL of its own.
extern const Shape source_shape;

/// A file that changes a source declared elsewhere.
extern const Shape overlay_shape;

/// A manifest shard below `_schema/`. Its keys are written by programs, so an unknown one is a warning.
extern const Shape manifest_shape;

/// A file below `_metrics/`.
extern const Shape metrics_shape;

}  // namespace ktx::project
