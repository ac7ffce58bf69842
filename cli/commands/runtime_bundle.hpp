#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "context.hpp"

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

}  // namespace ktx::cli
