#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace ktx::runtime {

/// What an install is doing. Only the step is always there.
struct InstallProgress {
  std::string step;         ///< in a few words: "Installing packages"
  std::string package{};    ///< the one that is being fetched or was installed last
  std::uint64_t bytes = 0;  ///< its size, when it is known
  std::size_t done = 0;     ///< packages installed by this step
  std::size_t total = 0;    ///< of so many
};

}  // namespace ktx::runtime
