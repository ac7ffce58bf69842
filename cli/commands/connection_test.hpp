#pragma once

#include <CLI/App.hpp>

#include "context.hpp"
#include "managed_transport.hpp"

namespace ktx::cli {

void setup_connection_test(CLI::App& parent, Context& context, const TransportFactory& connect);

}  // namespace ktx::cli
