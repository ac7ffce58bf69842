#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "context.hpp"
#include "ktx/app/daemon.hpp"

namespace ktx::cli {

struct RuntimeStartOptions {
  std::vector<std::string> features = {"core"};
  app::DaemonRequest request;
  bool foreground = false;
  bool json = false;
  app::InstallConsent install;
};

void setup_runtime_start(CLI::App& parent, Context& context);

/// Starts the daemon, or serves in this process. Returns the exit code.
int run_runtime_start(const RuntimeStartOptions& options, Context& context);

/// Registers the hidden command of the process that `ktx runtime start` starts.
void setup_serve(CLI::App& parent, Context& context);

struct RuntimeStopOptions {
  bool json = false;
};

void setup_runtime_stop(CLI::App& parent, Context& context);

/// Stops the daemon, if one runs. Returns the exit code.
int run_runtime_stop(const RuntimeStopOptions& options, const Context& context);

}  // namespace ktx::cli
