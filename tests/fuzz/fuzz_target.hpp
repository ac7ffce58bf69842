#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string_view>

#include "ktx/util/error.hpp"

namespace ktx::fuzz {

/// Ends the process with a report, which libFuzzer keeps the input of, when a property does not hold.
inline void require(bool holds, std::string_view property) {
  if (holds) return;
  std::cerr << "does not hold: " << property << "\n";
  std::abort();
}

/// Reads untrusted bytes: they are refused with a `ktx::Error`, or accepted. Anything else that is thrown
/// ends the process.
template <typename Reader>
void read_untrusted(Reader read) {
  try {
    read();
  } catch (const Error& error) {
    require(!error.message().empty(), "an error says what is wrong");
  }
}

inline std::string_view text_of(const std::uint8_t* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace ktx::fuzz

/// Called by libFuzzer with each input.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size);
