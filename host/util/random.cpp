#include "ktx/util/random.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "ktx/util/error.hpp"

namespace ktx {

std::string random_hex(std::size_t digits) {
  constexpr std::string_view alphabet = "0123456789abcdef";
  constexpr std::size_t entropy_limit = 256;  // of one call of getentropy
  std::array<unsigned char, entropy_limit> bytes{};
  std::string text;
  while (text.size() < digits) {
    const std::size_t count = std::min(bytes.size(), digits - text.size());
    if (::getentropy(bytes.data(), count) != 0) {
      throw Error(ErrorKind::internal, "The system gives no random numbers");
    }
    for (std::size_t i = 0; i < count; ++i) text += alphabet[bytes[i] & 15U];
  }
  return text;
}

}  // namespace ktx
