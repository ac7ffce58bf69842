#include "ktx/database/executor.hpp"

#include <string_view>

namespace ktx::database {

std::string to_hex(const Blob& blob) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(blob.bytes.size() * 2);
  for (const char c : blob.bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += digits[byte >> 4U];
    text += digits[byte & 0xFU];
  }
  return text;
}

}  // namespace ktx::database
