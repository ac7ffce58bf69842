#pragma once

#include "ktx/runtime/interpreter.hpp"
#include "ktx/util/json.hpp"

namespace ktx::runtime {

/// The description of an interpreter as JSON: what the receipt keeps and what a plugin is started with.
/// Keys: version, tag, soabi, executable, prefix, baseExecutable, basePrefix,
/// libpython{path, inode, size, mtimeNs}, searchPaths.
Json to_json(const Interpreter& interpreter);

/// Reads what `to_json` wrote. Every member is required, every path must be absolute and there must be
/// at least one search path; anything else is an error of the kind that `object` was given.
Interpreter interpreter_from_json(const JsonObject& object);

}  // namespace ktx::runtime
