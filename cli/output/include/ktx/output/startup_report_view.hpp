#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ktx/util/spans.hpp"

namespace ktx::cli {

/// Where the time of one process went.
struct StartupReport {
  std::string command;  ///< the subcommands, "sl query"; empty when there was none
  int exit_code = 0;
  SpanClock::time_point begin;  ///< of the program
  SpanClock::time_point end;    ///< when the report was made
  std::chrono::nanoseconds processor_time{};
  std::vector<Span> spans;
  std::map<std::string, std::string> facts;  ///< "transport": what answered
  bool python = false;                       ///< whether Python was started in this process
  std::optional<double> peak_memory_mib;
};

/// For people: a line for each phase, with its start and duration in milliseconds and its share of the whole,
/// the phases inside it below it and indented; what no phase covers; and the other figures.
std::string startup_report_table(const StartupReport& report);

/// For programs: one JSON object on one line (docs/schema/startup-report.schema.json).
std::string startup_report_json(const StartupReport& report);

}  // namespace ktx::cli
