#pragma once

#include "context.hpp"
#include "output/output_mode.hpp"
#include "output/search_hit.hpp"

namespace ktx::cli {

/// Says on stderr why lanes did not work, which JSON holds itself, and to a person at a terminal how to
/// search by meaning where that `may_be_installed`.
void note_lanes(const Context& context, const Lanes& lanes, OutputMode mode, bool may_be_installed);

}  // namespace ktx::cli
