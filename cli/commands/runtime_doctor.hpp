#pragma once

#include <CLI/App.hpp>

#include "context.hpp"

namespace ktx::cli {

struct RuntimeDoctorOptions {
  bool json = false;
};

void setup_runtime_doctor(CLI::App& parent, Context& context);

/// The exit code: 1 when any check fails.
int run_runtime_doctor(const RuntimeDoctorOptions& options, const Context& context);

}  // namespace ktx::cli
