#pragma once

#include <CLI/App.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "context.hpp"
#include "ktx/output/output_mode.hpp"

namespace ktx::cli {

/// How a command that writes a list was told to write it.
struct ListOutputOptions {
  std::optional<std::string> output;
  bool json = false;
};

/// Adds `--output` and `--json`.
void add_list_output_options(CLI::App& command, ListOutputOptions& options);

/// The mode that they mean here. Throws a usage error for an unknown one.
OutputMode output_mode_of(const ListOutputOptions& options, const Context& context);

/// Writes the list to stdout; for a person, lines that are longer than the terminal are broken between words.
void write_list(const Context& context, OutputMode mode, std::string_view text);

}  // namespace ktx::cli
