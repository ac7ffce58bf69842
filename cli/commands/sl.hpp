#pragma once

#include <CLI/App.hpp>

#include "commands/sl_query.hpp"
#include "context.hpp"
#include "embedding_choice.hpp"

namespace ktx::cli {

/// Registers the group `sl` and its commands. `connect` gives those that need one their planner, and
/// `connect_embeddings` a way to the embeddings.
void setup_sl(CLI::App& parent, Context& context, TransportFactory connect,
              EmbeddingsFactory connect_embeddings);

}  // namespace ktx::cli
