#pragma once

#include <CLI/App.hpp>

#include "context.hpp"
#include "embedding_choice.hpp"

namespace ktx::cli {

/// Registers `ktx wiki` and its commands. `connect` gives the way to the embeddings, for searching.
void setup_wiki(CLI::App& parent, Context& context, EmbeddingsFactory connect);

}  // namespace ktx::cli
