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

/// One document that a lane found.
struct Candidate {
  std::size_t document = 0;
  std::vector<std::string> words = {};       ///< token: the query's words found
  std::optional<double> similarity = {};     ///< semantic
  std::vector<DictionaryMatch> values = {};  ///< dictionary
};
using Ranking = std::vector<Candidate>;

/// The number of each document, by connection and name. The index may hold other documents, which are
/// skipped.
using DocumentNumbers = std::map<std::pair<std::string, std::string>, std::size_t>;

/// What the lanes of words look for, and where.
struct WordSearch {
  const std::vector<std::string>& words;      ///< without those that say nothing, such as "how" and "the"
  const std::vector<std::string>& all_words;  ///< as typed
  const DocumentNumbers& numbers;
  std::size_t pool;  ///< how many documents a lane returns at most

  /// Whether only documents count that have more than half of the words: beside the lane of meanings, which
  /// finds them all, a single word of a longer question would outweigh it. Without that lane, each word is
  /// better than nothing.
  bool strict = false;
};

/// Each lane returns the best documents first; equally good ones in the order of their numbers. Without
/// words, none.
Ranking lexical_ranking(Index& index, const WordSearch& search);

/// Ranks by the share of the query's words that occur inside the text's words.
Ranking token_ranking(Index& index, const WordSearch& search);

/// Ranks by the source's value that the query names most fully, which is the share of the value's words that
/// are in the query; then by how many of the query's words occur in the source's values. A value that is
/// named in full counts in a strict search too.
Ranking dictionary_ranking(Index& index, const WordSearch& search);

/// Ranks by the cosine with `vector`; only positive ones count as similar. Vectors of another model are
/// skipped.
Ranking semantic_ranking(Index& index, const std::vector<float>& vector,
                         const semantic::EmbeddingModel& model, const DocumentNumbers& numbers,
                         std::size_t pool);

/// How many candidates each lane returns if `limit` sources are wanted.
std::size_t pool_size(std::size_t limit);

/// Reciprocal-rank fusion: a document's score is the sum, over the lanes that found it, of the lane's weight
/// divided by 60 + its rank there. `rankings` are in the order of `all_lanes`. Returns the best `limit`
/// documents, those in `named` before all others; of equally good ones, those with the smaller numbers.
std::vector<Hit> fuse(const std::array<Ranking, lane_count>& rankings, std::size_t limit,
                      double semantic_weight = 2, const std::vector<std::size_t>& named = {});

}  // namespace ktx::search
