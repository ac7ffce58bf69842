#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "ktx/runtime/layout.hpp"
#include "ktx/util/environment.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/subprocess.hpp"

namespace ktx::runtime {

/// The package installer, found and known to be usable.
struct Uv {
  std::filesystem::path executable;
  std::string version;  ///< its own words: "uv 0.9.3"
};

/// Where uv is: KTX_UV, then PATH, then the copy among ktx's own tools. Starts no process. Throws a `uv`
/// error when KTX_UV names no executable.
std::optional<std::filesystem::path> locate_uv(const Environment& environment, const Layout& layout);

/// Where a uv that ktx fetched is.
std::filesystem::path own_uv_path(const Layout& layout);

/// Asks the uv at `path` for its version. Throws a `uv` error: too old, not answering in time, or not uv.
Uv ask_uv(const std::filesystem::path& path, const Environment& environment, CommandRunner& runner);

/// The error for a machine without uv.
Error missing_uv();

/// Finds uv and asks its version. Throws a `uv` error: missing, or what `ask_uv` throws.
Uv find_uv(const Environment& environment, const Layout& layout, CommandRunner& runner);

}  // namespace ktx::runtime
