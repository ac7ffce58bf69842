#include "ktx/terminal/shown_text.hpp"

#include <algorithm>
#include <cstddef>

#include "ktx/util/text.hpp"

namespace ktx::cli {
namespace {

constexpr char32_t emphasis = U'\uFDD0';

std::string escape(char32_t code) {
  if (code == U'\n') return "\\n";
  if (code == U'\t') return "\\t";
  if (code == U'\r') return "\\r";
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text = "\\u";
  for (const unsigned shift : {12U, 8U, 4U, 0U}) text += digits[(code >> shift) & 0xFU];
  return text;
}

// C0, DEL and C1: the second range steers terminals too (0x9B is CSI). Embeddings, overrides and isolates of
// the bidirectional algorithm: what follows them may be drawn over what stands before. Our own mark must
// come from nobody else.
bool steers(char32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069) || code == emphasis;
}

// Most text: nothing in it needs a look.
bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= 0x20 && c < 0x7F) || c == '\n' || c == '\t'; });
}

// The length of the codes of an emphasis, "1;31m", at the beginning of the text; 0 if there are none.
std::size_t length_of_codes(std::string_view text) {
  const std::size_t end = text.find_first_not_of("0123456789;");
  return end == std::string_view::npos || text[end] != 'm' ? 0 : end + 1;
}

// Goes through a text character by character. `take` is given each code point with what is left behind it,
// which it may shorten, and says what stands for the code point; empty if it may stand as it is.
template <class Take>
std::string replaced(std::string_view text, Take take) {
  std::string result;
  while (!text.empty()) {
    std::string_view rest = text;
    const auto code = take_code_point(rest);
    if (!code) {
      result += "\uFFFD";
      // One byte at a time, so that valid text after a broken byte is kept.
      text.remove_prefix(1);
      continue;
    }
    const std::string_view bytes = text.substr(0, text.size() - rest.size());
    const std::string other = take(*code, rest);
    result += other.empty() ? bytes : std::string_view(other);
    text = rest;
  }
  return result;
}

}  // namespace

std::string printable(std::string_view text) {
  return replaced(text, [](char32_t code, std::string_view&) { return steers(code) ? escape(code) : ""; });
}

std::string shown(std::string_view text, bool colour) {
  if (is_plain(text)) return std::string(text);
  return replaced(text, [colour](char32_t code, std::string_view& rest) -> std::string {
    if (code == U'\n' || code == U'\t' || !steers(code)) return "";
    const std::size_t codes = colour && code == emphasis ? length_of_codes(rest) : 0;
    if (codes == 0) return escape(code);
    std::string sequence = "\x1b[" + std::string(rest.substr(0, codes));
    rest.remove_prefix(codes);
    return sequence;
  });
}

}  // namespace ktx::cli
