#pragma once

#include <CLI/App.hpp>
#include <string>

#include "completion/candidate.hpp"
#include "completion/typed_words.hpp"
#include "ktx/util/environment.hpp"

namespace ktx::cli {

/// What may stand at the cursor: commands, options, values that are enumerated, names of the project. Each
/// candidate is a whole word that begins with `words.current`.
CompletionAnswer complete(const CLI::App& root, const TypedWords& words, const Environment& environment);

}  // namespace ktx::cli
