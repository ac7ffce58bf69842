#include "startup_report.hpp"

#include "context.hpp"
#include "ktx/output/startup_report_view.hpp"
#include "ktx/plugin/plugin.hpp"
#include "ktx/util/process.hpp"

namespace ktx::cli {
namespace {

constexpr const char* option_name = "--startup-report";

}  // namespace

void add_startup_report_option(CLI::App& app) {
  const std::string description = "Say on stderr, in the end, where the time went; =json for programs";
  app.add_flag(std::string(option_name) + "{table}", description)
      ->check(CLI::IsMember({"table", "json"}))
      ->group(global_options);
}

std::string command_words(const CLI::App& app) {
  std::string words;
  for (auto chosen = app.get_subcommands(); !chosen.empty(); chosen = chosen.front()->get_subcommands()) {
    words += (words.empty() ? "" : " ") + chosen.front()->get_name();
  }
  return words;
}

StartupReporter::StartupReporter() : before_main_(processor_time()) {}

void StartupReporter::begin(const CLI::App& app) {
  // The raw results: --help and errors end parsing before options get their values.
  const auto& forms = app.get_option(option_name)->results();
  if (forms.empty()) return;
  form_ = forms.back() == "json" ? Form::json : Form::table;
  command_ = command_words(app);
  begin_record();
  // Loading and relocating the program has no clock of its own; its processor time stands in for it.
  add_span("before main", main_ - before_main_, main_);
  add_span("parse arguments", main_, SpanClock::now());
}

void StartupReporter::write(const Terminal& terminal, int exit_code) const {
  if (form_ == Form::none) return;
  StartupReport report;
  // First: making the report is not part of it.
  report.end = SpanClock::now();
  report.begin = main_ - before_main_;
  report.processor_time = processor_time();
  report.command = command_;
  report.exit_code = exit_code;
  report.spans = recorded_spans();
  report.facts = recorded_facts();
  report.python = plugin::Plugin::running() != nullptr;
  report.peak_memory_mib = peak_memory_mib();
  terminal.err(form_ == Form::json ? startup_report_json(report) : startup_report_table(report));
}

}  // namespace ktx::cli
