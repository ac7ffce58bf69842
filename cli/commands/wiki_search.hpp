#pragma once

#include <CLI/App.hpp>
#include <string>

#include "commands/search_options.hpp"
#include "commands/wiki_list.hpp"
#include "embedding_choice.hpp"

namespace ktx::cli {

struct WikiSearchOptions {
  SearchOptions search;
  std::string user = default_user;
};

void setup_wiki_search(CLI::App& parent, Context& context, EmbeddingsFactory connect);

/// Finds the pages that the words are about, and writes them, the best first. Finding nothing is no error.
int run_wiki_search(const Context& context, const WikiSearchOptions& options, OutputMode mode,
                    const EmbeddingsFactory& connect);

}  // namespace ktx::cli
