#include "fusion.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace ktx::search {
namespace {

constexpr double rank_offset = 60;
constexpr std::size_t smallest_pool = 25;

double weight_of(LaneKind lane, double semantic_weight) {
  switch (lane) {
    case LaneKind::semantic: return semantic_weight;
    case LaneKind::dictionary: return 2;
    case LaneKind::lexical: return 1.5;
    case LaneKind::token: return 0.75;
  }
  return 0;
}

void add_match(Hit& hit, const Candidate& candidate, LaneKind lane, double weight, std::size_t rank) {
  const double contribution = weight / (rank_offset + static_cast<double>(rank));
  hit.document = candidate.document;
  hit.score += contribution;
  hit.matches.push_back({lane, rank, contribution, candidate.words, candidate.similarity});
  hit.dictionary.insert(hit.dictionary.end(), candidate.values.begin(), candidate.values.end());
}

}  // namespace

std::size_t pool_size(std::size_t limit) { return std::max(smallest_pool, 3 * limit); }

std::vector<Hit> fuse(const std::array<Ranking, lane_count>& rankings, std::size_t limit,
                      double semantic_weight) {
  std::map<std::size_t, Hit> by_document;
  for (std::size_t i = 0; i < lane_count; ++i) {
    const double weight = weight_of(all_lanes[i], semantic_weight);
    std::size_t rank = 0;
    for (const Candidate& candidate : rankings[i]) {
      add_match(by_document[candidate.document], candidate, all_lanes[i], weight, ++rank);
    }
  }
  std::vector<Hit> hits;
  for (auto& [document, hit] : by_document) hits.push_back(std::move(hit));
  std::ranges::stable_sort(hits, std::ranges::greater(), &Hit::score);
  if (hits.size() > limit) hits.resize(limit);
  return hits;
}

}  // namespace ktx::search
