#pragma once

#include <memory>

#include "ktx/terminal/prompter.hpp"
#include "ktx/terminal/terminal.hpp"

namespace ktx::cli {

/// Questions that are answered with single keys. Each is drawn in place, and leaves one line when it is
/// answered. `terminal` must outlive it.
std::unique_ptr<Prompter> make_key_prompter(const Terminal& terminal);

}  // namespace ktx::cli
