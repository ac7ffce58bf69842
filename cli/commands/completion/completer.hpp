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
  std::vector<std::string> before;  ///< the whole words, without the program's own name
  std::string current;              ///< the word at the cursor, up to it; may be empty
  /// How many bytes of `current` the shell leaves alone when it puts a completion in its place.
  std::size_t kept = 0;
};

/// Splits a line as a POSIX shell does; the last word may have an open quote. `breaks` are the letters after
/// which the shell takes a new word for completion though it is none (bash's COMP_WORDBREAKS).
TypedWords split_line(std::string_view line, std::string_view breaks);

/// What may stand at the cursor: commands, options, values that are enumerated, names of the project. Each
/// candidate is a whole word that begins with `words.current`.
CompletionAnswer complete(const CLI::App& root, const TypedWords& words, const Environment& environment);

}  // namespace ktx::cli
