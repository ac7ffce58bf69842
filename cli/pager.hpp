#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "context.hpp"

namespace ktx::cli {

/// Writes data to stdout. Where stdin and stdout are terminals and the text is longer than the screen, it
/// goes through the user's pager, unless `no_pager`; who quits the pager has seen what they wanted, so that
/// is no error. A pager that cannot be started is named on stderr and done without. Throws an `interrupted`
/// error when a signal to end arrives meanwhile, but for Ctrl-C, which is the pager's.
void show_text(const Context& context, std::string_view text, bool no_pager);

/// The pager's command line for a shell: KTX_PAGER, else PAGER, else `less` where there is one and the
/// terminal is not a dumb one. Nothing when it is empty or `cat`.
std::optional<std::string> choose_pager(const Environment& environment);

}  // namespace ktx::cli
