#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/output/output_mode.hpp"
#include "ktx/project/source_tree.hpp"
#include "ktx/search/search.hpp"
#include "ktx/util/json.hpp"

namespace ktx::cli {

/// One row of `ktx sl list`.
struct SourceListItem {
  std::string connection_id;
  std::string name;
  std::string path;         ///< the file that declares it, relative to the project
  std::string description;  ///< may be empty
  std::size_t columns = 0;
  std::size_t measures = 0;
  std::size_t joins = 0;
};

/// The row for one source of a connection.
SourceListItem list_item(const project::SourceTree& tree, const project::Source& source,
                         std::string connection_id);

/// The item as a JSON object.
Json item_json(const SourceListItem& item);

/// The item as a line of a plain list, without its line break.
std::string plain_fields(const SourceListItem& item);

/// "5 cols · 3 measures · 1 join", followed by the first line of the description.
std::string summary(const SourceListItem& item);

/// A list as JSON text, in the envelope that all lists have. `command` is its name: "sl list".
std::string list_json(Json items, const char* command);

/// "1 source", "2 sources".
std::string counted(std::size_t count, const std::string& noun);

/// The whole list, in the given order.
std::string render_source_list(const std::vector<SourceListItem>& items, OutputMode mode);

/// Breaks the lines of a pretty list between words, to `columns` cells. What does not fit goes on in the next
/// line, indented behind the vertical rule.
std::string fit_pretty_list(std::string_view text, std::size_t columns);

using Lanes = std::array<search::Lane, search::lane_count>;

/// A number with `count` decimals, for a score.
std::string decimals(double value, int count);

/// Adds to the JSON of a hit its score, the reasons for it, and what each lane did.
void add_hit(Json& item, const search::Hit& hit, const Lanes& lanes);

/// "token #1: paid, orders · lexical #2"; empty for a hit of a plain listing.
std::string hit_reasons(const search::Hit& hit);

/// One line for each lane that did not work fully. Ordinary reasons are left out.
std::string render_lane_notes(const Lanes& lanes);

/// Whether the search left out meaning because no embeddings are set up.
bool lacks_embeddings(const Lanes& lanes);

struct FoundSource {
  SourceListItem item;
  search::Hit hit;
};

/// The result of `ktx sl search`.
struct FoundSources {
  std::vector<FoundSource> sources;  ///< the best first
  Lanes lanes;
  std::size_t searched = 0;  ///< the number of sources that were searched
};

/// The whole result, in the form of `ktx sl list` with scores and reasons.
std::string render_found_sources(const FoundSources& found, OutputMode mode);

/// The message if nothing was found, without a line break.
std::string nothing_found(const FoundSources& found);

}  // namespace ktx::cli
