#pragma once

#include <CLI/App.hpp>
#include <string>

#include "context.hpp"

namespace ktx::cli {

struct SetupDemoOptions {
  std::string folder = "ktx-demo";
  bool force = false;
};

void setup_setup_demo(CLI::App& parent, Context& context);

/// `ktx setup demo`: makes the demo shop in a folder, and says what to try there.
int run_setup_demo(const Context& context, const SetupDemoOptions& options);

}  // namespace ktx::cli
