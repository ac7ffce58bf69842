#pragma once

#include "context.hpp"
#include "setup/options.hpp"

namespace ktx::cli {

/// Runs `ktx setup`: takes every step that is not done, asks if somebody can be asked, and shows the result.
/// After an error or an interruption the project has the steps that were finished. Returns the exit code.
int run_setup(Context& context, const SetupOptions& options);

}  // namespace ktx::cli
