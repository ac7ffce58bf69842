#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "context.hpp"

namespace ktx::cli {

/// Whether a command that needs Python asks a running daemon.
enum class DaemonChoice : std::uint8_t {
  if_running,  ///< one that runs and fits, else Python in this process
  always,      ///< --daemon: one is started when none runs
  never,       ///< --no-daemon: Python in this process
};

/// What a command that needs Python was told about how to get it.
struct PythonOptions {
  InstallPolicyOptions install;
  DaemonChoice daemon = DaemonChoice::if_running;
  std::vector<std::string> drivers{};  ///< of the databases that Python is to reach
};

/// Adds `--yes`, `--no-input`, `--daemon` and `--no-daemon`.
void add_python_options(CLI::App& command, PythonOptions& options);

/// Throws a `usage` error when options were given that exclude each other.
void check_install_policy(const InstallPolicyOptions& options);

}  // namespace ktx::cli
