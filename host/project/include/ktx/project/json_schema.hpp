#pragma once

#include <cstdint>

#include "ktx/util/json.hpp"

namespace ktx::project {

/// The kinds of file in a project.
enum class FileKind : std::uint8_t {
  source,    ///< a source with a table or SQL of its own
  overlay,   ///< a file that changes a source declared elsewhere
  manifest,  ///< a shard below `_schema/`
  metrics,   ///< a file below `_metrics/`
  project,   ///< ktx.yaml
};

/// The JSON Schema (draft 2020-12) of a kind of file, made from the tables that the files are checked
/// against: a file that breaks it has an error of its own, not one that depends on other files. (In
/// ktx.yaml a value of the wrong type is only a warning; it breaks the schema too.)
Json json_schema(FileKind kind);

}  // namespace ktx::project
