#pragma once

#include <memory>
#include <string>

#include "ktx/terminal/prompter.hpp"
#include "ktx/terminal/terminal.hpp"
#include "ktx/util/environment.hpp"

namespace ktx::cli {

/// Whether a person is there to be asked: at terminals at stdin and stderr, and not in CI.
bool may_ask(const Terminal& terminal, const Environment& environment);

/// With arrow keys; or, on a terminal that cannot take a line back (TERM=dumb or none), line by line with
/// numbers. `terminal` must outlive it.
std::unique_ptr<Prompter> make_prompter(const Terminal& terminal, const Environment& environment);

/// Asks on stderr and reads one line of stdin, whatever they are. Yes for an empty line, "y" and "yes"; no
/// for anything else and for the end of input.
bool confirm(const Terminal& terminal, const std::string& question);

}  // namespace ktx::cli
