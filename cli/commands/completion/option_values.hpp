#pragma once

#include <CLI/Option.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "completion/parsed_line.hpp"
#include "ktx/util/environment.hpp"

namespace ktx::cli {

/// A word that may stand at the cursor.
struct Candidate {
  std::string value;
  std::string description{};  ///< one line; may be empty
  std::string typed{};        ///< what is typed for it too: the name without its quotes; may be empty

  /// Whether it is what somebody who has typed `text` may mean.
  bool goes_on(std::string_view text) const { return value.starts_with(text) || typed.starts_with(text); }
};

using Candidates = std::vector<Candidate>;

/// The answer for a shell.
struct CompletionAnswer {
  enum class Paths : std::uint8_t { none, files, folders };

  Candidates candidates;
  Paths paths = Paths::none;  ///< paths, which the shell completes itself
  bool open = false;          ///< the word may go on: add no space
};

/// Possible values of an option or argument, given the rest of the line: what the option allows, else names
/// in the project that it stands for, else paths if it takes one. `current` is what was typed of the value;
/// candidates need not start with it.
CompletionAnswer option_values(const CLI::Option& option, const ParsedLine& line, const std::string& current,
                               const Environment& environment);

}  // namespace ktx::cli
