#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "ktx/mcp/budget.hpp"
#include "ktx/util/json.hpp"

namespace ktx::mcp {

/// Where an answer goes on, as a client holds it: a text that needs nothing of the server that gave it.
struct Cursor {
  std::string call;    ///< the digest of the tool and its arguments
  std::string answer;  ///< the digest of the whole answer, and so of the model and the rows behind it
  Position at;
};

/// The digest of a call, whatever the order of its arguments; `max_tokens` and `cursor` do not count.
std::string call_digest(std::string_view tool, const Json& arguments);

std::string answer_digest(const Answer& answer);

std::string text_of(const Cursor& cursor);

/// std::nullopt for a text that `text_of` does not write.
std::optional<Cursor> cursor_in(std::string_view text);

/// The last answers that were cut, so that going on does not ask a database again. Nothing depends on it: an
/// answer that is not kept is made anew, and compared. Thread-safe.
class KeptAnswers {
 public:
  /// Keeps the answer, unless it is larger than 16 MiB, in the place of the oldest.
  void keep(const std::string& digest, std::shared_ptr<const Answer> answer);

  /// The answer of that digest; null if it is not kept.
  std::shared_ptr<const Answer> find(const std::string& digest);

 private:
  struct Kept {
    std::string digest;
    std::shared_ptr<const Answer> answer;
  };

  static constexpr std::size_t most = 8;

  std::mutex mutex_;
  std::list<Kept> kept_;  // the latest first
};

}  // namespace ktx::mcp
