#pragma once

#include <array>
#include <string_view>

namespace ktx::cli {

/// The completion script of a shell.
struct CompletionScript {
  std::string_view shell;  ///< "bash"
  std::string_view text;
  std::string_view path;  ///< where packages install it, below `share/`
};

/// The scripts of all supported shells, sorted by name.
extern const std::array<CompletionScript, 3> completion_scripts;

}  // namespace ktx::cli
