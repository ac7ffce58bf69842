#pragma once

#include <CLI/App.hpp>
#include <optional>
#include <string>

#include "context.hpp"
#include "options.hpp"

namespace ktx::cli {

struct SlSearchOptions {
  SearchOptions search;
  std::optional<std::string> connection_id;
};

void setup_sl_search(CLI::App& parent, Context& context);

/// Finds the sources that the words are about, and writes them, the best first. Sources that cannot be read
/// are reported on stderr, the others searched, and the exit code is 1. Finding nothing is no error.
int run_sl_search(Context& context, const SlSearchOptions& options, OutputMode mode);

}  // namespace ktx::cli
