#pragma once

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <string>

#include "ktx/terminal/terminal.hpp"
#include "ktx/util/spans.hpp"

namespace ktx::cli {

/// Adds --startup-report to the global options.
void add_startup_report_option(CLI::App& app);

/// Reports where the time of this process went, if the command line asks for it. Construct it first of all in
/// `main`.
class StartupReporter {
 public:
  /// Notes the time, and the processor time used before `main`.
  StartupReporter();

  /// Call it when the command line is parsed, or could not be, and before anything else.
  void begin(const CLI::App& app);

  /// Writes the report to stderr, if it was asked for. Call it last.
  void write(const Terminal& terminal, int exit_code) const;

 private:
  enum class Form : std::uint8_t { none, table, json };

  SpanClock::time_point main_ = SpanClock::now();
  std::chrono::nanoseconds before_main_;
  Form form_ = Form::none;
  std::string command_;
};

/// The names of the chosen subcommands: "sl query".
std::string command_words(const CLI::App& app);

}  // namespace ktx::cli
