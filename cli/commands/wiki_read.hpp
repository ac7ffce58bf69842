#pragma once

#include <CLI/App.hpp>
#include <string>

#include "wiki_list.hpp"

namespace ktx::cli {

struct WikiReadOptions {
  std::string key;
  std::string user = app::default_user;
  ListOutputOptions output;
};

void setup_wiki_read(CLI::App& parent, Context& context);

/// Writes one page. Throws a `project` error when the user sees none of that key.
int run_wiki_read(const Context& context, const WikiReadOptions& options, OutputMode mode);

}  // namespace ktx::cli
