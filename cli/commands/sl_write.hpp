#pragma once

#include <CLI/App.hpp>
#include <string>

#include "context.hpp"
#include "text_argument.hpp"

namespace ktx::cli {

struct SlWriteOptions {
  std::string name;
  std::string connection_id;
  TextArgument yaml;
};

void setup_sl_write(CLI::App& parent, Context& context);

/// Checks the text of a source, writes its file and commits it. Where the text is wrong, everything that is
/// wrong goes to stderr and nothing is written.
int run_sl_write(const Context& context, const SlWriteOptions& options);

}  // namespace ktx::cli
