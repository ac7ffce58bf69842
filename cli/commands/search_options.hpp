#pragma once

#include <CLI/App.hpp>
#include <cstddef>
#include <string>
#include <vector>

#include "context.hpp"
#include "ktx/output/list_view.hpp"
#include "ktx/search/search.hpp"
#include "list_output.hpp"

namespace ktx::cli {

/// What every search is told.
struct SearchOptions {
  std::vector<std::string> words;
  std::size_t limit = 10;
  bool reindex = false;
  ListOutputOptions output;
  app::PythonNeeds python;
};

/// Adds the words, `--limit`, `--reindex`, and the options of lists and of Python. `found` is what is
/// searched: "sources".
void add_search_options(CLI::App& command, SearchOptions& options, const std::string& found);

/// What to search for, everywhere.
search::Request search_request(const SearchOptions& options);

/// Says on stderr why lanes did not work, which JSON holds itself, and to a person at a terminal how to
/// search by meaning where that `may_be_installed`.
void note_lanes(const Context& context, const Lanes& lanes, OutputMode mode, bool may_be_installed);

}  // namespace ktx::cli
