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

/// Writes the sources that the words are about, the best first. If sources cannot be read, that is reported
/// on stderr, the others are searched, and the exit code is 1. Finding nothing is not an error.
int run_sl_search(Context& context, const SlSearchOptions& options, OutputMode mode);

}  // namespace ktx::cli
