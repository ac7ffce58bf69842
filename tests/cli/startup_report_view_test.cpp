#include "ktx/output/startup_report_view.hpp"

#include <gtest/gtest.h>

#include "golden.hpp"
#include "ktx/util/json.hpp"

namespace ktx::cli {
namespace {

using namespace std::chrono_literals;
using ktx::test::expect_golden;

constexpr SpanClock::time_point program_begin{5s};

Span phase(const char* name, SpanClock::duration begin, SpanClock::duration end,
           std::optional<std::size_t> parent = std::nullopt, unsigned thread = 0) {
  return {name, program_begin + begin, program_begin + end, parent, thread};
}

/// Ten milliseconds, of which two are in no phase; recorded in another order than they began in.
StartupReport report() {
  StartupReport report;
  report.command = "sl query";
  report.exit_code = 3;
  report.begin = program_begin;
  report.end = program_begin + 10ms;
  report.processor_time = 8125us;
  report.spans = {phase("before main", 0ms, 1500us), phase("ask", 4ms, 9ms),
                  phase("inner", 4500us, 5500us, 1), phase("earlier", 4100us, 4200us, 1),
                  phase("read", 2ms, 3500us),        phase("beside", 4ms, 7ms, std::nullopt, 1),
                  phase("part", 5ms, 6ms, 5, 1)};
  report.facts = {{"transport", "in-process"}};
  report.python = true;
  report.peak_memory_mib = 33.5;
  return report;
}

const std::filesystem::path startup_golden = KTX_GOLDEN_DIR;

TEST(StartupReportView, Table) {
  expect_golden(startup_golden / "startup_report.txt", startup_report_table(report()));
}

TEST(StartupReportView, JsonIsOneLine) {
  expect_golden(startup_golden / "startup_report.json", startup_report_json(report()));
}

TEST(StartupReportView, SaysWhatIsNotThere) {
  StartupReport empty;
  EXPECT_TRUE(startup_report_table(empty).ends_with(
      "processor time 0.00 ms, Python not started, answered by ktx itself\n"));
  const Json json = Json::parse(startup_report_json(empty));
  EXPECT_TRUE(json.at("transport").is_null());
  EXPECT_TRUE(json.at("peakMemoryMiB").is_null());
  EXPECT_TRUE(json.at("phases").empty());
}

}  // namespace
}  // namespace ktx::cli
