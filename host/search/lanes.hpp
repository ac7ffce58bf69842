#pragma once

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

}  // namespace ktx::search
