#pragma once

#include <CLI/App.hpp>
#include <optional>
#include <string>

#include "context.hpp"

namespace ktx::cli {

struct SlReadOptions {
  std::string name;
  std::optional<std::string> connection_id;
  bool composed = false;  ///< the source as it is asked, not the file
};

void setup_sl_read(CLI::App& parent, Context& context);

/// Writes the file of a source to stdout, or the composed source as YAML where it has no file of its own.
int run_sl_read(const Context& context, const SlReadOptions& options);

}  // namespace ktx::cli
