#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ktx/output/search_hit.hpp"
#include "ktx/output/source_list_view.hpp"
#include "ktx/search/search.hpp"

namespace ktx::cli {

struct FoundSource {
  SourceListItem item;
  search::Hit hit;
};

/// What `ktx sl search` has found.
struct FoundSources {
  std::vector<FoundSource> sources;  ///< the best first
  Lanes lanes;
  std::size_t searched = 0;  ///< how many sources there were
};

/// The whole text, in the form of `ktx sl list` with scores and reasons.
std::string render_found_sources(const FoundSources& found, OutputMode mode);

/// What to say when nothing was found, without a line end.
std::string nothing_found(const FoundSources& found);

}  // namespace ktx::cli
