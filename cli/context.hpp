#pragma once

#include <filesystem>
#include <functional>
#include <optional>

#include "ktx/runtime/in_use.hpp"
#include "ktx/util/environment.hpp"
#include "terminal.hpp"

namespace ktx::cli {

/// What every command is given: its surroundings, its streams, the options that stand before the
/// subcommand, and the place where parsing leaves the command to run.
struct Context {
  Environment environment;
  Terminal terminal;
  std::optional<std::filesystem::path> project_directory;  ///< --project-dir
  bool debug = false;                                      ///< --debug
  runtime::InUse runtime_in_use;  ///< held until the process ends, once Python runs in it
  std::function<int()> command;   ///< set by the chosen subcommand; its value is the exit code
};

}  // namespace ktx::cli
