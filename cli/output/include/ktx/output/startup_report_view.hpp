#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ktx/util/spans.hpp"

namespace ktx::cli {

/// Where one process spent its time.
struct StartupReport {
  std::string command;  ///< the subcommands, "sl query"; may be empty
  int exit_code = 0;
  SpanClock::time_point begin;  ///< the start of the program
  SpanClock::time_point end;    ///< when the report was made
  std::chrono::nanoseconds processor_time{};
  std::vector<Span> spans;
  std::map<std::string, std::string> facts;  ///< "transport": what answered
  bool python = false;                       ///< whether Python was started in this process
  std::optional<double> peak_memory_mib;
};

/// For people: a line for each phase with its start and duration in milliseconds and its share of the total,
/// nested phases indented below it; then the time outside of all phases, and the other figures.
std::string startup_report_table(const StartupReport& report);

/// For programs: one JSON object on one line (docs/schema/startup-report.schema.json).
std::string startup_report_json(const StartupReport& report);

}  // namespace ktx::cli
