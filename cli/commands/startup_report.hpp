#pragma once

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <string>

#include "ktx/terminal/terminal.hpp"
#include "ktx/util/spans.hpp"

namespace ktx::cli {

/// Adds --startup-report, which every command understands.
void add_startup_report_option(CLI::App& app);

/// Says where the time of this process went, when the command line asks for it. To be made first of all in
/// `main`.
class StartupReporter {
 public:
  /// Notes the time, and the processor time that the start of the program has taken.
  StartupReporter();

  /// To be called when the command line has been parsed or could not be, before anything else is done.
  void begin(const CLI::App& app);

  /// Writes the report to stderr, if it was asked for. To be called last.
  void write(const Terminal& terminal, int exit_code) const;

 private:
  enum class Form : std::uint8_t { none, table, json };

  SpanClock::time_point main_ = SpanClock::now();
  std::chrono::nanoseconds before_main_;
  Form form_ = Form::none;
  std::string command_;
};

/// The subcommands that were chosen: "sl query".
std::string command_words(const CLI::App& app);

}  // namespace ktx::cli
