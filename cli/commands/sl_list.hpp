#pragma once

#include <CLI/App.hpp>
#include <optional>
#include <string>

#include "context.hpp"
#include "list_output.hpp"

namespace ktx::cli {

struct SlListOptions {
  std::optional<std::string> connection_id;
  ListOutputOptions output;
};

void setup_sl_list(CLI::App& parent, Context& context);

/// Lists the sources of one connection or of all. Sources that cannot be read are reported on stderr,
/// the others still listed, and the exit code is 1.
int run_sl_list(const Context& context, const SlListOptions& options, OutputMode mode);

}  // namespace ktx::cli
