#pragma once

#include <CLI/App.hpp>
#include <optional>
#include <string>
#include <vector>

#include "context.hpp"
#include "setup/options.hpp"

namespace ktx::cli {

/// The options of `ktx setup agents`.
struct AgentsOptions {
  std::vector<std::string> agents;
  std::optional<std::string> scope;  ///< "project", "user" or "global"
  bool global = false;
  std::string mode = "both";
  bool dry_run = false;
  bool remove = false;
  bool yes = false;
  bool no_input = false;
};

void add_agents_options(CLI::App& command, AgentsOptions& options);

/// Runs `ktx setup agents`: shows what changes in the files of agents, asks if somebody can be asked, and
/// writes it. `setup` are options of `ktx setup` that were given with it. Returns the exit code.
int run_setup_agents(Context& context, const AgentsOptions& options, const SetupOptions& setup);

}  // namespace ktx::cli
