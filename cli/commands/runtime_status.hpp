#pragma once

#include <CLI/App.hpp>

#include "context.hpp"

namespace ktx::cli {

struct RuntimeStatusOptions {
  bool json = false;
};

void setup_runtime_status(CLI::App& parent, Context& context);

/// The exit code: 0 for every state. Starts no process and no Python.
int run_runtime_status(const RuntimeStatusOptions& options, const Context& context);

}  // namespace ktx::cli
