#include "ktx/util/text.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string_view>
#include <utility>
#include <vector>

namespace ktx {

std::string_view first_line(std::string_view text) { return text.substr(0, text.find_first_of("\r\n")); }

std::string_view last_line(std::string_view text) {
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  return text.substr(text.rfind('\n') + 1);
}

std::string lower_case(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

std::string single_spaced(std::string_view text) {
  constexpr std::string_view blanks = " \t\n\v\f\r";
  std::string result;
  for (const char c : text) {
    if (blanks.find(c) == std::string_view::npos) {
      result += c;
    } else if (!result.empty() && result.back() != ' ') {
      result += ' ';
    }
  }
  if (result.ends_with(' ')) result.pop_back();
  return result;
}

std::string comma_separated(std::span<const std::string_view> words) {
  std::string text;
  for (const std::string_view word : words) text.append(text.empty() ? "" : ", ").append(word);
  return text;
}

namespace {

constexpr unsigned char byte(char c) { return static_cast<unsigned char>(c); }

// The sequence's length by its first byte; 0 when no sequence begins so.
std::size_t sequence_length(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return 2;
  if (first >= 0xE0 && first < 0xF0) return 3;
  if (first >= 0xF0 && first < 0xF5) return 4;
  return 0;
}

// Rejects overlong forms, surrogates and what lies beyond Unicode; two bytes cannot hold any of these here.
bool is_scalar_value(char32_t code, std::size_t length) {
  if (length == 3) return code >= 0x800 && (code < 0xD800 || code > 0xDFFF);
  if (length == 4) return code >= 0x10000 && code <= 0x10FFFF;
  return true;
}

bool is_digit_of_base64(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
}

}  // namespace

std::optional<char32_t> take_code_point(std::string_view& text) {
  if (text.empty()) return std::nullopt;
  const std::size_t length = sequence_length(byte(text[0]));
  if (length == 0 || length > text.size()) return std::nullopt;
  char32_t code = length == 1 ? byte(text[0]) : byte(text[0]) & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(text[i]) & 0xC0U) != 0x80U) return std::nullopt;
    code = (code << 6U) | (byte(text[i]) & 0x3FU);
  }
  if (!is_scalar_value(code, length)) return std::nullopt;
  text.remove_prefix(length);
  return code;
}

std::optional<std::size_t> first_invalid_utf8(std::string_view text) {
  std::string_view rest = text;
  while (!rest.empty()) {
    if (byte(rest[0]) < 0x80) {
      rest.remove_prefix(1);
    } else if (!take_code_point(rest)) {
      return text.size() - rest.size();
    }
  }
  return std::nullopt;
}

std::size_t count_code_points(std::string_view text) {
  const auto starts = std::ranges::count_if(text, [](char c) { return (byte(c) & 0xC0U) != 0x80U; });
  return static_cast<std::size_t>(starts);
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // Three rows are enough; `two_back` is for swapped neighbours.
  std::vector<std::size_t> two_back(b.size() + 1);
  std::vector<std::size_t> previous(b.size() + 1);
  std::vector<std::size_t> current(b.size() + 1);
  std::iota(previous.begin(), previous.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      current[j] = std::min({previous[j] + 1, current[j - 1] + 1, previous[j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        current[j] = std::min(current[j], two_back[j - 2] + 1);
      }
    }
    std::swap(two_back, previous);
    std::swap(previous, current);
  }
  return previous[b.size()];
}

std::optional<std::string> from_base64(std::string_view text) {
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  // Checked here, because OpenSSL skips white space and decodes padding as zero bytes.
  const std::string_view digits = text.substr(0, text.size() - padding);
  if (text.size() % 4 != 0 || !std::ranges::all_of(digits, is_digit_of_base64)) return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  // In pieces, because OpenSSL takes the length as an int. Each is a multiple of 4 digits.
  constexpr std::size_t piece = std::size_t{1} << 24U;
  for (std::size_t at = 0; at < text.size(); at += piece) {
    const auto size = static_cast<int>(std::min(piece, text.size() - at));
    auto* const target = reinterpret_cast<unsigned char*>(bytes.data() + at / 4 * 3);
    if (::EVP_DecodeBlock(target, reinterpret_cast<const unsigned char*>(text.data() + at), size) < 0) {
      return std::nullopt;
    }
  }
  bytes.resize(bytes.size() - padding);
  return bytes;
}

std::string to_base64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  // In pieces, because OpenSSL takes the length as an int. Each but the last is a multiple of 3 bytes.
  constexpr std::size_t piece = std::size_t{3} << 20U;
  std::vector<unsigned char> digits(piece / 3 * 4 + 1);
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    const std::string_view part = bytes.substr(at, piece);
    const int length = ::EVP_EncodeBlock(digits.data(), reinterpret_cast<const unsigned char*>(part.data()),
                                         static_cast<int>(part.size()));
    text.append(digits.begin(), digits.begin() + length);
  }
  return text;
}

std::string file_url(std::string_view path) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  constexpr std::string_view unreserved = "/-._~";  // and letters and digits: RFC 3986
  std::string url = "file://";
  for (const char c : path) {
    const unsigned char value = byte(c);
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (is_plain || unreserved.find(c) != std::string_view::npos) {
      url += c;
    } else {
      url.append({'%', digits[value >> 4U], digits[value & 0xFU]});
    }
  }
  return url;
}

}  // namespace ktx
