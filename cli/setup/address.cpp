#include "setup/address.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "ktx/util/text.hpp"

namespace ktx::cli {

bool has_password(const std::string& address) {
  constexpr std::array<std::string_view, 4> parameters = {"password=", "pwd=", "token=", "secret="};
  const std::string lowered = lower_case(address);
  const auto is_in = [&](std::string_view name) { return lowered.find(name) != std::string::npos; };
  if (std::ranges::any_of(parameters, is_in)) return true;
  const auto scheme = address.find("://");
  if (scheme == std::string::npos) return false;
  const auto begin = scheme + 3;
  // Up to the last @: a password may have been written without its escapes.
  const auto at = address.rfind('@');
  return at != std::string::npos && at > begin &&
         address.substr(begin, at - begin).find(':') != std::string::npos;
}

}  // namespace ktx::cli
