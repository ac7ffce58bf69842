#pragma once

#include <array>
#include <string>

#include "ktx/search/search.hpp"
#include "ktx/util/json.hpp"

namespace ktx::cli {

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

}  // namespace ktx::cli
