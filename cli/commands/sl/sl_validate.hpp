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
  bool verbose = false;  ///< all findings in the text, not only the first of a kind
  app::PythonNeeds python;
};

void setup_sl_validate(CLI::App& parent, Context& context);

/// Writes the findings in the semantic layer to stdout, in one list: of one connection or all, one source or
/// all. The planner is loaded only if the files allow a question to it. The exit code is 1 if there is an
/// error in the list.
int run_sl_validate(Context& context, const SlValidateOptions& options);

}  // namespace ktx::cli
