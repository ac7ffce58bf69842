#pragma once

#include <CLI/App.hpp>

#include "context.hpp"

namespace ktx::cli {

void setup_connection_test(CLI::App& parent, Context& context);

}  // namespace ktx::cli
