#pragma once

#include <CLI/App.hpp>
#include <memory>

#include "context.hpp"

namespace ktx::cli {

/// The whole command line: global options and every subcommand. Parsing it sets `context.command`.
std::unique_ptr<CLI::App> make_app(Context& context);

}  // namespace ktx::cli
