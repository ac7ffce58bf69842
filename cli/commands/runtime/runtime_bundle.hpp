#pragma once

#include <CLI/App.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "context.hpp"
#include "ktx/util/environment.hpp"

namespace ktx::cli {

struct RuntimeBundleOptions {
  std::string path;
  std::vector<std::string> features = {"core"};
  std::vector<std::string> pythons;  ///< minor versions; empty: all that are found
  std::vector<std::string> find_links;
  bool verbose = false;
  bool force = false;
  bool json = false;
};

void setup_runtime_bundle(CLI::App& parent, Context& context);

/// The exit code.
int run_runtime_bundle(const RuntimeBundleOptions& options, const Context& context);

/// Adds `--find-links`, which may be given more than once.
void add_find_links_option(CLI::App& command, std::vector<std::string>& places);

/// The places as uv and pip understand them from any working directory: absolute folders, and addresses as
/// they are. Throws a `usage` error for a folder that is not there.
std::vector<std::string> package_places(const std::vector<std::string>& places,
                                        const Environment& environment);

/// The path from the working directory on, without dots and without a separator at its end.
std::filesystem::path absolute_path(const std::string& path, const Environment& environment);

}  // namespace ktx::cli
