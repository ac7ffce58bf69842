#pragma once

#include <CLI/App.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "context.hpp"
#include "ktx/util/environment.hpp"

namespace ktx::cli {

/// Registers `ktx runtime bundle`.
void setup_runtime_bundle(CLI::App& parent, Context& context);

/// Adds `--find-links`, which may be given several times.
void add_find_links_option(CLI::App& command, std::vector<std::string>& places);

/// The places in a form that uv and pip understand from any working directory: absolute folders, and
/// addresses unchanged. Throws a `usage` error if a folder does not exist.
std::vector<std::string> package_places(const std::vector<std::string>& places,
                                        const Environment& environment);

/// The absolute path, from the working directory, without dots and without a slash at its end.
std::filesystem::path absolute_path(const std::string& path, const Environment& environment);

}  // namespace ktx::cli
