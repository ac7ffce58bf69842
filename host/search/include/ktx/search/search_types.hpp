#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/semantic/transport.hpp"

namespace ktx::search {

/// One way to find sources, in the order in which they are listed.
enum class LaneKind : std::uint8_t {
  semantic,    ///< the cosine between the query's vector and the source's
  dictionary,  ///< values that the source's columns have
  lexical,     ///< words of the source's text, by BM25
  token,       ///< how many of the query's words occur inside words of the text
};

inline constexpr std::size_t lane_count = 4;
inline constexpr std::array<LaneKind, lane_count> all_lanes = {LaneKind::semantic, LaneKind::dictionary,
                                                               LaneKind::lexical, LaneKind::token};

/// "semantic".
std::string_view name(LaneKind lane);

enum class LaneStatus : std::uint8_t { available, skipped, failed };

/// "available".
std::string_view name(LaneStatus status);

/// Reasons why a lane is skipped although nothing is wrong.
inline constexpr const char* empty_query = "empty_query";
inline constexpr const char* no_sources = "no_sources";
inline constexpr const char* embedding_unconfigured = "embedding_unconfigured";

/// How a lane took part in a search.
struct Lane {
  LaneKind kind = LaneKind::lexical;
  LaneStatus status = LaneStatus::available;
  std::string reason;  ///< why it did not, or not in full; see above
};

/// How a lane ranked one source.
struct LaneMatch {
  LaneKind lane = LaneKind::lexical;
  std::size_t rank = 0;                   ///< from 1
  double contribution = 0;                ///< to the score
  std::vector<std::string> words = {};    ///< token: the query's words that it found
  std::optional<double> similarity = {};  ///< semantic: the cosine
};

/// Values of one column that match the query.
struct DictionaryMatch {
  std::string column;
  std::vector<std::string> values;

  bool operator==(const DictionaryMatch&) const = default;
};

/// A source that was found.
struct Hit {
  std::size_t document = 0;  ///< its index in the request
  double score = 0;
  std::vector<LaneMatch> matches;  ///< in the order of the lanes; none for an empty query
  std::vector<DictionaryMatch> dictionary;
};

/// How much of the index was updated, in sources.
struct UpdateCounts {
  std::size_t texts = 0;    ///< new or changed
  std::size_t values = 0;   ///< those whose values were read and written
  std::size_t vectors = 0;  ///< that were embedded
  std::size_t removed = 0;

  bool operator==(const UpdateCounts&) const = default;
};

/// How the search reaches the embeddings.
struct Embeddings {
  std::string skip_reason;  ///< why they are not used; empty if they are
  std::string backend;      ///< as `semantic::embedding_model` takes it
  /// Called once, when a vector is needed. If it throws, the lane is skipped.
  std::function<std::unique_ptr<semantic::Transport>()> connect;
};

struct Request {
  std::string query;
  std::size_t limit = 10;
  /// The connection or collection of the documents; std::nullopt if they are of all connections.
  std::optional<std::string> connection_id = {};
  double semantic_weight = 2;    ///< of that lane; the others have their own
  bool reindex = false;          ///< rebuilds the index
  int busy_timeout_ms = 30'000;  ///< how long to wait for another process that writes to the index
};

struct Answer {
  std::vector<Hit> hits;  ///< the best first; of equal ones in the order of the documents
  std::array<Lane, lane_count> lanes;
  std::vector<std::string> notes;  ///< what the user should know: what became of the index, mended slips
  UpdateCounts updated;
};

}  // namespace ktx::search
