#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "context.hpp"

namespace ktx::cli {

enum class FindingFormat : std::uint8_t { text, json, github };

struct SlValidateOptions {
  std::optional<std::string> source;
  std::optional<std::string> connection_id;
  FindingFormat format = FindingFormat::text;
  bool verbose = false;  ///< text has every finding, not the first of a kind and their number
  app::PythonNeeds python;
};

void setup_sl_validate(CLI::App& parent, Context& context);

/// Writes what is wrong with the semantic layer to stdout, in one list: of one connection or of all, of one
/// source or of all. The planner is asked about what the files themselves are not at fault in, and connected
/// to once, when there is such a thing. The exit code is 1 when there is an error in the list.
int run_sl_validate(Context& context, const SlValidateOptions& options);

}  // namespace ktx::cli
