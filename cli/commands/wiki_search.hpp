#pragma once

#include <CLI/App.hpp>
#include <string>

#include "search_options.hpp"
#include "wiki_list.hpp"

namespace ktx::cli {

struct WikiSearchOptions {
  SearchOptions search;
  std::string user = app::default_user;
};

void setup_wiki_search(CLI::App& parent, Context& context);

/// Finds the pages that the words are about, and writes them, the best first. Finding nothing is no error.
int run_wiki_search(Context& context, const WikiSearchOptions& options, OutputMode mode);

}  // namespace ktx::cli
