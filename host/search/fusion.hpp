#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "lanes.hpp"

namespace ktx::search {

/// How many candidates each lane gives when `limit` sources are wanted.
std::size_t pool_size(std::size_t limit);

/// Reciprocal-rank fusion: a document's score is the sum, over the lanes that found it, of the lane's weight
/// divided by 60 + its rank there. Rankings are in the order of `all_lanes`. The best `limit` documents, of
/// equal ones those with the smaller numbers.
std::vector<Hit> fuse(const std::array<Ranking, lane_count>& rankings, std::size_t limit,
                      double semantic_weight = 2);

}  // namespace ktx::search
