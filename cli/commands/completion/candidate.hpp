#pragma once

#include <cstdint>
#include <string>
#include <vector>

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

}  // namespace ktx::cli
