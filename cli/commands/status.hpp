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

void setup_setup_status(CLI::App& parent, Context& context);

/// `ktx setup status`: which steps of setup are done.
int run_setup_status(const Context& context, bool json);

/// `ktx cache status` and `ktx cache clear`.
void setup_cache(CLI::App& parent, Context& context);

/// Says what is kept, and where.
int run_cache_status(const Context& context, bool json);

/// Removes what is kept. Throws an `io` error when something cannot be removed.
int run_cache_clear(const Context& context, bool json);

}  // namespace ktx::cli
