#include "whole_number.hpp"

#include <charconv>
#include <string>
#include <system_error>

namespace ktx::cli {
namespace {

std::string range_in_words(std::int64_t least, std::int64_t most) {
  const std::string from = std::to_string(least);
  return most == std::numeric_limits<std::int64_t>::max() ? "of " + from + " or more"
                                                          : "from " + from + " to " + std::to_string(most);
}

}  // namespace

CLI::Validator whole_number(std::int64_t least, std::int64_t most) {
  const auto check = [=](std::string& text) -> std::string {
    std::int64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, value);
    if (read.ec != std::errc() || read.ptr != end || value < least || value > most) {
      return "\"" + text + "\" is no whole number " + range_in_words(least, most);
    }
    text = std::to_string(value);
    return {};
  };
  return {check, ""};
}

}  // namespace ktx::cli
