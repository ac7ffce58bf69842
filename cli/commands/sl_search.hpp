#pragma once

#include <CLI/App.hpp>
#include <optional>
#include <string>

#include "commands/search_options.hpp"
#include "context.hpp"
#include "embedding_choice.hpp"

namespace ktx::cli {

struct SlSearchOptions {
  SearchOptions search;
  std::optional<std::string> connection_id;
};

/// `connect` gives the way to the embeddings; it is called when a vector is needed.
void setup_sl_search(CLI::App& parent, Context& context, EmbeddingsFactory connect);

/// Finds the sources that the words are about, and writes them, the best first. Sources that cannot be read
/// are reported on stderr, the others searched, and the exit code is 1. Finding nothing is no error.
int run_sl_search(const Context& context, const SlSearchOptions& options, OutputMode mode,
                  const EmbeddingsFactory& connect);

}  // namespace ktx::cli
