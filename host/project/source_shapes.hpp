#pragma once

#include "shape.hpp"

namespace ktx::project {

/// A source file with a table or SQL of its own.
extern const Shape source_shape;

/// A file that changes a source declared elsewhere.
extern const Shape overlay_shape;

/// A manifest shard below `_schema/`. Its keys are written by programs, so an unknown one is a warning.
extern const Shape manifest_shape;

}  // namespace ktx::project
