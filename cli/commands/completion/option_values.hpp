#pragma once

#include <CLI/Option.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "completion/parsed_line.hpp"
#include "ktx/util/environment.hpp"

namespace ktx::cli {

/// A word that may stand at the cursor.
struct Candidate {
  std::string value;
  std::string description;  ///< one line; may be empty
};

using Candidates = std::vector<Candidate>;

/// What a shell is told.
struct CompletionAnswer {
  enum class Paths : std::uint8_t { none, files, folders };

  Candidates candidates;
  Paths paths = Paths::none;  ///< the shell looks for these itself
  bool open = false;          ///< the word may go on: no space behind it
};

/// What may be the value of an option or of an argument, given what else stands on the line. What the option
/// allows comes first, then what its name stands for in a project, then paths where its value is one.
/// `current` is what is typed of it; candidates need not begin with that.
CompletionAnswer option_values(const CLI::Option& option, const ParsedLine& line, const std::string& current,
                               const Environment& environment);

}  // namespace ktx::cli
