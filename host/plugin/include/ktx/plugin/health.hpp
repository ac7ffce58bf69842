#pragma once

#include <filesystem>
#include <string>

#include "ktx/runtime/interpreter.hpp"
#include "ktx/util/json.hpp"

namespace ktx::plugin {

/// Starts the interpreter in this process, compiles a small query with it and describes both:
/// {version, prefix, executable, libpython, plugin, packages{name: version or null}, startMs, importMs,
/// probeMs, sql, peakMemoryMiB, openssl, faults[]}. Times are milliseconds; `peakMemoryMiB` is the whole
/// process's after the query. What did not work is null and has a sentence in `faults`. Throws what
/// `Plugin::start` does when the interpreter cannot be started at all.
Json interpreter_health(const runtime::Interpreter& interpreter,
                        const std::filesystem::path& plugin_directory);

/// Starts the interpreter in this process, has it read every file of the embedding model and embed a known
/// sentence with `backend`; returns the reply. Throws what `Plugin::start` does.
std::string embeddings_health(const runtime::Interpreter& interpreter,
                              const std::filesystem::path& plugin_directory, const std::string& backend);

}  // namespace ktx::plugin
