#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <memory>

#include "context.hpp"

namespace ktx::cli {

/// How much of the command line is made. To make all of it takes longer than most commands run.
enum class Commands : std::uint8_t {
  all,
  named,  ///< what `context.arguments` can speak of: the top command that they name, none for the version;
          ///< all when they name none, or one that speaks of others
};

/// The command line: global options and subcommands. Parsing it sets `context.command`.
std::unique_ptr<CLI::App> make_app(Context& context, Commands commands = Commands::all);

}  // namespace ktx::cli
