#pragma once

#include <CLI/App.hpp>

#include "context.hpp"
#include "managed_transport.hpp"

namespace ktx::cli {

/// Registers the group `connection` and its commands. `connect` gives the way to Python, which reaches every
/// database but SQLite.
void setup_connection(CLI::App& parent, Context& context, const TransportFactory& connect);

}  // namespace ktx::cli
