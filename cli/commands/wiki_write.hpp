#pragma once

#include <CLI/App.hpp>

#include "context.hpp"
#include "ktx/wiki/page.hpp"
#include "text_argument.hpp"

namespace ktx::cli {

struct WikiWriteOptions {
  wiki::PageDraft page;
  TextArgument content;
};

void setup_wiki_write(CLI::App& parent, Context& context);

/// Writes a page and commits it. References that lead nowhere are warned of on stderr.
int run_wiki_write(const Context& context, const WikiWriteOptions& options);

}  // namespace ktx::cli
