#include "ktx/util/base64.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cstddef>

namespace ktx {
namespace {

bool is_digit_of_base64(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
}

}  // namespace

std::optional<std::string> from_base64(std::string_view text) {
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  // OpenSSL passes over spaces, and takes padding for zeros.
  const std::string_view digits = text.substr(0, text.size() - padding);
  if (text.size() % 4 != 0 || !std::ranges::all_of(digits, is_digit_of_base64)) return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  // In pieces: it counts with an int.
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

}  // namespace ktx
