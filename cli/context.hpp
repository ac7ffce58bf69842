#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/runtime/feature.hpp"
#include "ktx/runtime/in_use.hpp"
#include "ktx/util/environment.hpp"
#include "terminal.hpp"

namespace ktx::cli {

/// The group of the options that every command understands.
inline constexpr const char* global_options = "Global options";

/// What a command that needs Python was told about installing it.
struct InstallPolicyOptions {
  bool yes = false;       ///< --yes: install what is missing without asking
  bool no_input = false;  ///< --no-input: never ask
};

/// What every command is given: its surroundings, its streams, the options that stand before the
/// subcommand, and the place where parsing leaves the command to run.
struct Context {
  Environment environment;
  Terminal terminal;
  std::optional<std::filesystem::path> project_directory;  ///< --project-dir
  bool debug = false;                                      ///< --debug
  bool no_cache = false;                                   ///< --no-cache
  bool quiet = false;                                      ///< --quiet
  runtime::InUse runtime_in_use;  ///< held until the process ends, once Python runs in it
  std::optional<InstallPolicyOptions> runtime_policy;  ///< of the command that took Python into use
  runtime::Features runtime_features;                  ///< what that command needs of it
  std::vector<std::string> arguments;                  ///< the command line, the program's name included
  std::function<int()> command;  ///< set by the chosen subcommand; its value is the exit code

  /// Writes to stderr what is good to know and changes nothing about the answer: --quiet leaves it out.
  void note(std::string_view text) const {
    if (!quiet) terminal.err(text);
  }
};

}  // namespace ktx::cli
