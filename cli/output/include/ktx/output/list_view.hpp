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
  std::string path;         ///< of the file that declares it, relative to the project
  std::string description;  ///< may be empty
  std::size_t columns = 0;
  std::size_t measures = 0;
  std::size_t joins = 0;
};

/// The row of one source of a connection's tree.
SourceListItem list_item(const project::SourceTree& tree, const project::Source& source,
                         std::string connection_id);

/// The members of an item in JSON.
Json item_json(const SourceListItem& item);

/// The fields of an item in a plain list, without a line end.
std::string plain_fields(const SourceListItem& item);

/// "5 cols · 3 measures · 1 join", and behind a dash the first line of the description.
std::string summary(const SourceListItem& item);

/// The JSON text of a list, for `command` ("sl list"): the same envelope for every list that ktx writes.
std::string list_json(Json items, const char* command);

/// "1 source", "2 sources".
std::string counted(std::size_t count, const std::string& noun);

/// The whole text of the list, sorted as given.
std::string render_source_list(const std::vector<SourceListItem>& items, OutputMode mode);

/// A list in the mode `pretty` with no line wider than `columns` cells, as far as words allow: what does not
/// fit goes on below, right of the line that the list is drawn along.
std::string fit_pretty_list(std::string_view text, std::size_t columns);

using Lanes = std::array<search::Lane, search::lane_count>;

/// A number with so many decimals, for a score.
std::string decimals(double value, int count);

/// Adds to the JSON of what was found its score, why it was found, and what each lane did.
void add_hit(Json& item, const search::Hit& hit, const Lanes& lanes);

/// "token #1: paid, orders · lexical #2"; empty when it was only listed.
std::string hit_reasons(const search::Hit& hit);

/// Why lanes did not work, or not in full, a line each; what is ordinary is not said.
std::string render_lane_notes(const Lanes& lanes);

/// Whether meaning was left out because no embeddings are set up.
bool lacks_embeddings(const Lanes& lanes);

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
