#include "ktx/output/startup_report_view.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <utility>

#include "ktx/util/json.hpp"

namespace ktx::cli {
namespace {

using PhaseIndex = std::optional<std::size_t>;

double milliseconds(SpanClock::duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

// The phases directly inside `parent`, or outside of all others, by their start.
std::vector<std::size_t> phases_inside(const StartupReport& report, PhaseIndex parent) {
  std::vector<std::size_t> inside;
  for (std::size_t i = 0; i < report.spans.size(); ++i) {
    if (report.spans[i].parent == parent) inside.push_back(i);
  }
  std::ranges::stable_sort(inside, {}, [&](std::size_t i) { return report.spans[i].begin; });
  return inside;
}

std::string phase_line(const std::string& name, double start, double duration, double total) {
  std::array<char, 128> figures{};
  std::snprintf(figures.data(), figures.size(), "%10.2f %10.2f %6.1f%%  ", start, duration,
                total > 0 ? 100 * duration / total : 0.0);
  return figures.data() + name + "\n";
}

void append_phases(std::string& text, const StartupReport& report, PhaseIndex parent, std::size_t depth) {
  for (const std::size_t i : phases_inside(report, parent)) {
    const Span& span = report.spans[i];
    std::string name = std::string(2 * depth, ' ') + span.name;
    // Phases of other threads run beside those of the main one: their shares do not add up.
    if (span.thread != 0 && depth == 0) name += " (thread " + std::to_string(span.thread) + ")";
    text += phase_line(name, milliseconds(span.begin - report.begin), milliseconds(span.end - span.begin),
                       milliseconds(report.end - report.begin));
    append_phases(text, report, i, depth + 1);
  }
}

// The time that the main thread spent outside of all phases.
SpanClock::duration uncovered(const StartupReport& report) {
  SpanClock::duration rest = report.end - report.begin;
  for (const Span& span : report.spans) {
    if (!span.parent && span.thread == 0) rest -= span.end - span.begin;
  }
  return rest;
}

std::string two_decimals(double value) {
  std::array<char, 64> digits{};
  std::snprintf(digits.data(), digits.size(), "%.2f", value);
  return digits.data();
}

std::string transport_of(const StartupReport& report) {
  const auto found = report.facts.find("transport");
  return found == report.facts.end() ? "" : found->second;
}

// Rounded to microseconds; the clock is not useful beyond that.
double rounded_ms(SpanClock::duration duration) { return std::round(1000 * milliseconds(duration)) / 1000; }

// Adds the phases inside `parent`, whose index in the list is `place`, each followed by the phases inside it.
void append_phases(Json& list, const StartupReport& report, PhaseIndex parent, const Json& place) {
  for (const std::size_t i : phases_inside(report, parent)) {
    const Span& span = report.spans[i];
    const std::size_t here = list.size();
    list.push_back({{"name", span.name},
                    {"parent", place},
                    {"thread", span.thread},
                    {"startMs", rounded_ms(span.begin - report.begin)},
                    {"durationMs", rounded_ms(span.end - span.begin)}});
    append_phases(list, report, i, here);
  }
}

}  // namespace

std::string startup_report_table(const StartupReport& report) {
  const auto total = report.end - report.begin;
  std::string text = "\n  start ms    used ms   share  phase\n";
  append_phases(text, report, std::nullopt, 0);
  const std::string blank(11, ' ');
  // These lines have no start: the column stays blank.
  const auto without_start = [&](const std::string& name, SpanClock::duration used) {
    return blank + phase_line(name, 0, milliseconds(used), milliseconds(total)).substr(blank.size());
  };
  text += without_start("(in no phase)", uncovered(report)) + without_start("total", total);
  const std::string transport = transport_of(report);
  text += "processor time " + two_decimals(milliseconds(report.processor_time)) + " ms";
  if (report.peak_memory_mib) text += ", peak memory " + two_decimals(*report.peak_memory_mib) + " MiB";
  text += std::string(", Python ") + (report.python ? "started" : "not started");
  text += ", answered by " + (transport.empty() ? "ktx itself" : transport) + "\n";
  return text;
}

std::string startup_report_json(const StartupReport& report) {
  const std::string transport = transport_of(report);
  Json phases = Json::array();
  append_phases(phases, report, std::nullopt, nullptr);
  const Json document = {
      {"command", report.command},
      {"exitCode", report.exit_code},
      {"totalMs", rounded_ms(report.end - report.begin)},
      {"processorMs", rounded_ms(report.processor_time)},
      {"peakMemoryMiB", report.peak_memory_mib ? Json(*report.peak_memory_mib) : Json(nullptr)},
      {"python", report.python},
      {"transport", transport.empty() ? Json(nullptr) : Json(transport)},
      {"phases", std::move(phases)}};
  return compact_json(document) + "\n";
}

}  // namespace ktx::cli
