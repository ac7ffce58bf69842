#pragma once

#include <filesystem>
#include <string>

#include "ktx/runtime/interpreter.hpp"

namespace ktx::plugin {

/// Loads the interpreter's libpython into this process, its symbols visible to extension modules. It
/// stays loaded until the process ends.
///
/// Throws `runtime_broken` when the file is not the one that install saw (gone, replaced, upgraded), and
/// `interpreter` when it does not load, is another version than described, is free-threaded or already
/// runs, or when the process already holds another libpython. The loader's own reason is given verbatim.
void load_libpython(const runtime::Interpreter& interpreter);

/// Tries to load the shared library at `path` as a libpython: returns an empty string, or the reason why it
/// does not load. The library stays loaded, so this is for a process that does nothing else; a damaged file
/// may crash that process.
std::string why_libpython_does_not_load(const std::filesystem::path& path);

/// "3.13" for "cp313". Throws a `runtime_broken` error for anything that is not a CPython 3 tag.
std::string minor_version(const std::string& tag);

}  // namespace ktx::plugin
