#pragma once

#include <CLI/App.hpp>
#include <CLI/Formatter.hpp>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "context.hpp"
#include "options.hpp"

namespace ktx::cli {

/// Writes the `--help` of every command, 80 columns wide or as wide as a narrower terminal. All commands
/// share one formatter, so it also keeps the examples, for which CLI11 has no place.
class HelpFormatter : public CLI::Formatter {
 public:
  /// `context` has the terminal where the help is read, and must outlive this.
  explicit HelpFormatter(const Context& context);

  void add_examples(const CLI::App& command, std::initializer_list<Example> examples);
  std::vector<Example> examples(const CLI::App& command) const;

  std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override;

 private:
  const Context& context_;
  std::vector<std::pair<const CLI::App*, Example>> examples_;
};

}  // namespace ktx::cli
