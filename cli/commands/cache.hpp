#pragma once

#include <CLI/App.hpp>

#include "context.hpp"

namespace ktx::cli {

/// `ktx cache status` and `ktx cache clear`.
void setup_cache(CLI::App& parent, Context& context);

/// Says what is kept, and where.
int run_cache_status(const Context& context, bool json);

/// Removes what is kept. Throws an `io` error when something cannot be removed.
int run_cache_clear(const Context& context, bool json);

}  // namespace ktx::cli
