#pragma once

#include "context.hpp"
#include "setup/options.hpp"

namespace ktx::cli {

/// `ktx setup`: takes each step that is not done, asks where somebody may be asked, and says in the end what
/// there is. After any error or interruption the project has the steps that were finished. Returns the exit
/// code.
int run_setup(Context& context, const SetupOptions& options);

}  // namespace ktx::cli
