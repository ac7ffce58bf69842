#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "context.hpp"
#include "managed_daemon.hpp"

namespace ktx::cli {

struct RuntimeStartOptions {
  std::vector<std::string> features = {"core"};
  DaemonRequest request;
  bool foreground = false;
  bool json = false;
  InstallPolicyOptions install;
};

void setup_runtime_start(CLI::App& parent, Context& context);

/// The exit code.
int run_runtime_start(const RuntimeStartOptions& options, Context& context);

/// Adds what `ktx runtime start` and the process that it starts have in common.
void add_daemon_request_options(CLI::App& command, RuntimeStartOptions& options);

}  // namespace ktx::cli
