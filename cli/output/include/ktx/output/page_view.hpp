#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ktx/output/list_view.hpp"
#include "ktx/output/output_mode.hpp"
#include "ktx/wiki/page.hpp"

namespace ktx::cli {

/// The output of `ktx wiki list`. Plain is scope, key and summary, separated by tabs.
std::string render_page_list(const std::vector<wiki::Page>& pages, OutputMode mode);

/// The output of `ktx wiki read`: the page as Markdown, or as JSON.
std::string render_page(const wiki::Page& page, OutputMode mode);

struct FoundPage {
  wiki::Page page;
  search::Hit hit;
};

/// The result of `ktx wiki search`.
struct FoundPages {
  std::vector<FoundPage> pages;  ///< the best first
  Lanes lanes;
  std::size_t searched = 0;  ///< the number of pages that were searched
};

/// The whole result. Plain is score, scope, key and summary, separated by tabs.
std::string render_found_pages(const FoundPages& found, OutputMode mode);

/// The message if nothing was found, without a line break.
std::string no_page_found(const FoundPages& found);

}  // namespace ktx::cli
