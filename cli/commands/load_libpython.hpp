#pragma once

#include <CLI/App.hpp>
#include <filesystem>

#include "context.hpp"

namespace ktx::cli {

struct LoadLibpythonOptions {
  std::filesystem::path library;
};

/// `ktx __load-libpython <path>`, hidden: whether a shared library is a libpython that loads on this
/// machine. Silent with 0, or the loader's reason on stderr with 1. A child process of its own, because a
/// damaged library can take the process down.
void setup_load_libpython(CLI::App& parent, Context& context);

int run_load_libpython(const LoadLibpythonOptions& options, const Context& context);

}  // namespace ktx::cli
