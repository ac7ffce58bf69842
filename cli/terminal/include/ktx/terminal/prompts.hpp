#pragma once

#include <memory>
#include <string>

#include "ktx/terminal/prompter.hpp"
#include "ktx/terminal/terminal.hpp"
#include "ktx/util/environment.hpp"

namespace ktx::cli {

/// Whether there is a person to ask: stdin and stderr are terminals, and this is not CI.
bool may_ask(const Terminal& terminal, const Environment& environment);

/// A prompter with arrow keys. On a terminal that cannot take back what it shows, one that reads lines and
/// numbers. `terminal` must outlive it.
std::unique_ptr<Prompter> make_prompter(const Terminal& terminal, const Environment& environment);

/// Asks on stderr and reads one line of stdin, terminals or not. An empty line, "y" and "yes" mean yes;
/// anything else, and the end of input, no.
bool confirm(const Terminal& terminal, const std::string& question);

}  // namespace ktx::cli
