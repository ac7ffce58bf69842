#pragma once

#include <memory>

#include "ktx/terminal/prompter.hpp"
#include "ktx/terminal/terminal.hpp"

namespace ktx::cli {

/// A prompter that reads single keys. It draws each question in place, and leaves one line with the answer.
/// `terminal` must outlive it.
std::unique_ptr<Prompter> make_key_prompter(const Terminal& terminal);

}  // namespace ktx::cli
