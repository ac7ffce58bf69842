#pragma once

#include <CLI/App.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "completion/option_values.hpp"
#include "ktx/util/environment.hpp"

namespace ktx::cli {

/// A command line up to the cursor, without its quotes.
struct TypedWords {
  std::vector<std::string> before;  ///< complete words, without the name of the program
  std::string current;              ///< the word at the cursor, up to it; may be empty
  /// How many bytes of `current` the shell keeps when it inserts a completion.
  std::size_t kept = 0;
  char quote = 0;  ///< the quote that is open at the cursor; 0 for none
};

/// Splits a line as a POSIX shell does; the last word may have an open quote. `breaks` are the characters at
/// which the shell starts a new word for completion only (COMP_WORDBREAKS of bash).
TypedWords split_line(std::string_view line, std::string_view breaks);

/// What may stand at the cursor: commands, options, values from a list, names in the project. Every candidate
/// is a whole word that goes on from `words.current`.
CompletionAnswer complete(const CLI::App& root, const TypedWords& words, const Environment& environment);

}  // namespace ktx::cli
