#pragma once

#include <CLI/App.hpp>

#include "context.hpp"

namespace ktx::cli {

struct RuntimePruneOptions {
  bool dry_run = false;
  bool yes = false;
  bool json = false;
  bool verbose = false;
};

void setup_runtime_prune(CLI::App& parent, Context& context);

/// The exit code: 1 when nothing was confirmed.
int run_runtime_prune(const RuntimePruneOptions& options, const Context& context);

}  // namespace ktx::cli
