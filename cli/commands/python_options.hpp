#pragma once

#include <CLI/App.hpp>

#include "ktx/app/session.hpp"

namespace ktx::cli {

/// Adds `--yes` and `--no-input` to a command that may install the runtime.
void add_install_policy_options(CLI::App& command, app::InstallConsent& options);

/// Adds these, `--daemon` and `--no-daemon`.
void add_python_options(CLI::App& command, app::PythonNeeds& options);

/// Throws a `usage` error when options were given that exclude each other.
void check_install_policy(const app::InstallConsent& options);

}  // namespace ktx::cli
