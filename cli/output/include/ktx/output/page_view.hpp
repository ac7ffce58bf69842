#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ktx/output/list_view.hpp"
#include "ktx/output/output_mode.hpp"
#include "ktx/wiki/page.hpp"

namespace ktx::cli {

/// `ktx wiki list`: plain is scope, key and summary, divided by tabs.
std::string render_page_list(const std::vector<wiki::Page>& pages, OutputMode mode);

/// `ktx wiki read`: the page as Markdown, or as JSON.
std::string render_page(const wiki::Page& page, OutputMode mode);

struct FoundPage {
  wiki::Page page;
  search::Hit hit;
};

/// What `ktx wiki search` has found.
struct FoundPages {
  std::vector<FoundPage> pages;  ///< the best first
  Lanes lanes;
  std::size_t searched = 0;  ///< how many pages there were
};

/// Plain is score, scope, key and summary, divided by tabs.
std::string render_found_pages(const FoundPages& found, OutputMode mode);

/// What to say when nothing was found, without a line end.
std::string no_page_found(const FoundPages& found);

}  // namespace ktx::cli
