#pragma once

#include <CLI/App.hpp>

#include "context.hpp"

namespace ktx::cli {

struct StatusOptions {
  bool json = false;
  bool fast = false;      ///< the semantic layer is not read
  bool validate = false;  ///< what is wrong with the project's files is listed, and decides the exit code
  bool verbose = false;
};

void setup_status(CLI::App& parent, Context& context);

/// Writes what of the project is set up. Outside a project that is said too, and is no error unless the
/// project is to be validated.
int run_status(const Context& context, const StatusOptions& options);

}  // namespace ktx::cli
