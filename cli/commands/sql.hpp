#pragma once

#include <CLI/App.hpp>

#include "context.hpp"
#include "managed_transport.hpp"

namespace ktx::cli {

/// Registers `ktx sql`. `connect` gives the parser that proves a statement read-only, and the way to every
/// database but SQLite.
void setup_sql(CLI::App& parent, Context& context, const TransportFactory& connect);

}  // namespace ktx::cli
