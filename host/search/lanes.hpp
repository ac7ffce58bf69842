#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "index.hpp"
#include "ktx/semantic/embedding.hpp"

namespace ktx::search {

/// What a lane found, the best first.
struct Candidate {
  std::size_t document = 0;
  std::vector<std::string> words = {};       ///< token: the query's words found
  std::optional<double> similarity = {};     ///< semantic
  std::vector<DictionaryMatch> values = {};  ///< dictionary
};
using Ranking = std::vector<Candidate>;

/// Finds documents by connection and name. The index may hold others, which are passed over.
using DocumentNumbers = std::map<std::pair<std::string, std::string>, std::size_t>;

/// Each lane gives at most `pool` documents; equally good ones in the order of their numbers. Without words
/// there are none.
Ranking lexical_ranking(Index& index, const std::vector<std::string>& words, const DocumentNumbers& numbers,
                        std::size_t pool);

/// By the share of the query's words that are found as parts of the text's words.
Ranking token_ranking(Index& index, const std::vector<std::string>& words, const DocumentNumbers& numbers,
                      std::size_t pool);

/// By the value of the source that the query names most fully: the share of the value's words that the query
/// has. Then by how many of the query's words the source's values have.
Ranking dictionary_ranking(Index& index, const std::vector<std::string>& words,
                           const DocumentNumbers& numbers, std::size_t pool);

/// By the cosine with `vector`; what is not positive is not similar. Vectors of another model do not count.
Ranking semantic_ranking(Index& index, const std::vector<float>& vector,
                         const semantic::EmbeddingModel& model, const DocumentNumbers& numbers,
                         std::size_t pool);

/// How many candidates each lane gives when `limit` sources are wanted.
std::size_t pool_size(std::size_t limit);

/// Reciprocal-rank fusion: a document's score is the sum, over the lanes that found it, of the lane's weight
/// divided by 60 + its rank there. Rankings are in the order of `all_lanes`. The best `limit` documents, of
/// equal ones those with the smaller numbers.
std::vector<Hit> fuse(const std::array<Ranking, lane_count>& rankings, std::size_t limit,
                      double semantic_weight = 2);

}  // namespace ktx::search
