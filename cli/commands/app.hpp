#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <memory>

#include "context.hpp"

namespace ktx::cli {

/// How many commands to register. All of them take longer than most commands run (ADR 20).
enum class Commands : std::uint8_t {
  all,
  named,  ///< the top command that `context.arguments` name, none for --version; all if they name none, or
          ///< one that needs the others, such as help
};

/// The command line: global options and subcommands. Parsing it sets `context.command`.
std::unique_ptr<CLI::App> make_app(Context& context, Commands commands = Commands::all);

}  // namespace ktx::cli
