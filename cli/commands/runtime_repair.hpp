#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "context.hpp"

namespace ktx::cli {

struct RuntimeRepairOptions {
  bool offline = false;
  std::vector<std::string> find_links;
  bool verbose = false;
  bool json = false;
  bool yes = false;       ///< accepted: running the command is the consent
  bool no_input = false;  ///< accepted: the command never asks
};

void setup_runtime_repair(CLI::App& parent, Context& context);

/// The exit code.
int run_runtime_repair(const RuntimeRepairOptions& options, const Context& context);

}  // namespace ktx::cli
