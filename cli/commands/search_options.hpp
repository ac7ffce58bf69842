#pragma once

#include <CLI/App.hpp>
#include <cstddef>
#include <string>
#include <vector>

#include "commands/list_output.hpp"
#include "embedding_choice.hpp"
#include "ktx/search/search.hpp"

namespace ktx::cli {

/// What every search is told.
struct SearchOptions {
  std::vector<std::string> words;
  std::size_t limit = 10;
  bool reindex = false;
  ListOutputOptions output;
  PythonOptions python;
};

/// Adds the words, `--limit`, `--reindex`, and the options of lists and of Python. `found` is what is
/// searched: "sources".
void add_search_options(CLI::App& command, SearchOptions& options, const std::string& found);

/// What to search for, everywhere.
search::Request search_request(const SearchOptions& options);

}  // namespace ktx::cli
