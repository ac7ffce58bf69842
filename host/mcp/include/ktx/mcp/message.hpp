#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "ktx/util/json.hpp"

namespace ktx::mcp {

/// The longest message, in bytes; one that is longer is a mistake or an attack.
inline constexpr std::size_t longest_message = std::size_t{16} << 20U;

/// Reads the text of one message. Throws an `RpcFailure`: too long, not JSON, or nested deeper than any
/// message of the protocol.
Json read_message(std::string_view text);

/// The lines of a stream that come in any pieces. Lines end with LF or CRLF; empty ones are left out.
class Lines {
 public:
  /// Takes the bytes, and calls `take` with each whole line; with the beginning of one that is too long for
  /// `read_message`.
  template <typename Take>
  void add(std::string_view bytes, const Take& take) {
    while (!bytes.empty()) {
      const std::size_t end = bytes.find('\n');
      keep(bytes.substr(0, end));
      if (end == std::string_view::npos) return;
      finish(take);
      bytes.remove_prefix(end + 1);
    }
  }

  /// At the end of the stream: a last line without its end counts too.
  template <typename Take>
  void finish(const Take& take) {
    std::string line;
    line.swap(line_);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (!line.empty()) take(line);
  }

 private:
  void keep(std::string_view part) {
    // One byte more than the limit, so that the line is seen to be too long; and one for a CR.
    constexpr std::size_t kept = longest_message + 2;
    if (line_.size() < kept) line_.append(part.substr(0, kept - line_.size()));
  }

  std::string line_;
};

}  // namespace ktx::mcp
