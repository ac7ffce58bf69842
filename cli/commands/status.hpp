#pragma once

#include <CLI/App.hpp>

#include "context.hpp"

namespace ktx::cli {

struct StatusOptions {
  bool json = false;
  bool fast = false;      ///< do not read the semantic layer
  bool validate = false;  ///< list findings in the files of the project; they decide the exit code
  bool verbose = false;
};

void setup_status(CLI::App& parent, Context& context);

/// Writes which parts of the project are set up. A missing project is shown, too; it is only an error with
/// `validate`.
int run_status(const Context& context, const StatusOptions& options);

void setup_setup_status(CLI::App& parent, Context& context);

/// Writes which steps of setup are done (`ktx setup status`).
int run_setup_status(const Context& context, bool json);

/// Registers `ktx cache status` and `ktx cache clear`.
void setup_cache(CLI::App& parent, Context& context);

/// Writes what is cached, and where.
int run_cache_status(const Context& context, bool json);

/// Removes everything cached. Throws an `io` error if something cannot be removed.
int run_cache_clear(const Context& context, bool json);

}  // namespace ktx::cli
