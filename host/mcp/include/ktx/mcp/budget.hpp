#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/util/json.hpp"

namespace ktx::mcp {

/// How many tokens a result may have if its caller does not say, and the least that it may say.
inline constexpr std::size_t default_max_tokens = 8000;
inline constexpr std::size_t least_max_tokens = 200;
inline constexpr std::size_t most_max_tokens = 1'000'000;

/// Tokens are estimated, for the models of all clients alike: three bytes of UTF-8 are one.
inline constexpr std::size_t bytes_per_token = 3;

/// A member of an answer that may be cut: a list, between its items, or a long text, between its characters.
struct Part {
  std::string name;
  Json value;  ///< an array or a text
};

/// What a tool answers, before it is cut to a budget.
struct Answer {
  Json head = Json::object();  ///< members that stand on every page; they are small
  std::vector<Part> parts;     ///< those that may be cut, in the order in which they are shown
};

/// Where in an answer a page begins.
struct Position {
  std::size_t part = 0;
  std::size_t offset = 0;  ///< in items of a list, in bytes of a text
  std::size_t piece = 0;   ///< in bytes of the item's JSON, if the item alone is too large for a page

  bool operator==(const Position&) const = default;
};

/// Writes a position as a cursor.
using CursorWriter = std::function<std::string(const Position& next)>;

/// A part of an answer that keeps to a budget.
// NOLINTNEXTLINE(bugprone-exception-escape): the move of a Json only asserts
struct Page {
  Json structured;
  std::optional<Position> next;  ///< std::nullopt on the last page
};

/// The page that begins at `from`, whose JSON on one line has at most `max_bytes` bytes (at least
/// `least_max_tokens` tokens' worth). It has the head; of the parts what fits, the rest of one beginning
/// where the page before ended; and, unless it is the last, the member `cut`: the rule, the part, how many of
/// its items or bytes have been shown so far, the total, and `next_cursor`. An item that does not fit on a
/// page by itself comes in pieces: the member `piece` has its part, its index and the next part of its JSON.
/// All pages together have every item and every byte once.
Page page_of(const Answer& answer, const Position& from, std::size_t max_bytes, const CursorWriter& cursor);

/// The beginning of a text that needs at most `max_bytes` as a text in JSON, its quotes left aside, and ends
/// with a whole character; rather at the end of a line, if one ends in its second half.
std::string_view fitting_text(std::string_view text, std::size_t max_bytes);

/// The schemas of the members that `page_of` adds: `cut` and `piece`.
Json cut_schema();
Json piece_schema();

}  // namespace ktx::mcp
