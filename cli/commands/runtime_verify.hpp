#pragma once

#include <CLI/App.hpp>

#include "context.hpp"

namespace ktx::cli {

struct RuntimeVerifyOptions {
  bool json = false;
};

void setup_runtime_verify(CLI::App& parent, Context& context);

/// The exit code: 1 unless everything is as it was shipped and installed.
int run_runtime_verify(const RuntimeVerifyOptions& options, const Context& context);

}  // namespace ktx::cli
