#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "context.hpp"

namespace ktx::cli {

struct RuntimeInstallOptions {
  std::vector<std::string> features = {"core"};
  bool exact = false;
  bool force = false;
  bool offline = false;
  bool json = false;
  bool verbose = false;
  std::string python;  ///< empty: ktx chooses
  std::vector<std::string> find_links;
  std::string bundle;  ///< empty: from the package index

  /// Running the command is the consent already; accepted because every advice names `--yes`.
  bool yes = false;
  bool no_input = false;
};

void setup_runtime_install(CLI::App& parent, Context& context);

/// The exit code.
int run_runtime_install(const RuntimeInstallOptions& options, const Context& context);

}  // namespace ktx::cli
