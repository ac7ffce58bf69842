#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <memory>

#include "context.hpp"

namespace ktx::cli {

/// How much of the command line is made. To make all of it takes longer than most commands run.
enum class Commands : std::uint8_t {
  all,
  named,  ///< only the top command that `context.arguments` name, unless it speaks of others, or none is
          ///< named
};

/// The command line: global options and subcommands. Parsing it sets `context.command`.
std::unique_ptr<CLI::App> make_app(Context& context, Commands commands = Commands::all);

}  // namespace ktx::cli
