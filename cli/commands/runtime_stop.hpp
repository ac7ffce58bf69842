#pragma once

#include <CLI/App.hpp>

#include "context.hpp"

namespace ktx::cli {

struct RuntimeStopOptions {
  bool json = false;
};

void setup_runtime_stop(CLI::App& parent, Context& context);

/// The exit code.
int run_runtime_stop(const RuntimeStopOptions& options, const Context& context);

}  // namespace ktx::cli
