#include "result_options.hpp"

#include <CLI/CLI.hpp>
#include <array>
#include <string_view>
#include <utility>

#include "ktx/app/usage_error.hpp"

namespace ktx::cli {
namespace {

constexpr std::array<std::pair<std::string_view, ResultFormat>, 5> result_formats = {
    {{"table", ResultFormat::table},
     {"json", ResultFormat::json},
     {"csv", ResultFormat::csv},
     {"markdown", ResultFormat::markdown},
     {"parquet", ResultFormat::parquet}}};

/// Empty for what may stand behind --chart; the option takes the next word, whatever it is.
std::string chart_kind_fault(const std::string& kind) {
  if (kind.empty() || kind == "bar" || kind == "line") return {};
  return "expects bar, line or nothing, not \"" + kind + "\"; an argument goes before it";
}

}  // namespace

void add_result_output_options(CLI::App& command, ResultOutputOptions& options,
                               const std::vector<std::string>& own_formats) {
  std::vector<std::string> names;
  for (const auto& [name, format] : result_formats) names.emplace_back(name);
  names.insert(names.end(), own_formats.begin(), own_formats.end());
  command
      .add_option("--format", options.format,
                  "How to write the answer (default: table on a terminal, else json)")
      ->check(CLI::IsMember(names));
  command
      .add_option_function<std::string>(
          "--chart", [&options](const std::string& kind) { options.chart = kind.empty() ? "auto" : kind; },
          "Draw one dimension and its measures: bar, line, or the one that fits")
      ->expected(0, 1)
      ->type_name("[bar|line]")
      ->check(chart_kind_fault, "");
  command.add_flag("--no-pager", options.no_pager, "Never show a long answer in a pager");
}

ResultFormat result_format(const ResultOutputOptions& options, const Terminal& terminal) {
  for (const auto& [name, format] : result_formats) {
    if (options.format == name) return format;
  }
  return options.chart || terminal.out_is_terminal() ? ResultFormat::table : ResultFormat::json;
}

ResultChart result_chart(const ResultOutputOptions& options) {
  if (!options.chart) return ResultChart::none;
  if (*options.chart == "bar") return ResultChart::bars;
  return *options.chart == "line" ? ResultChart::lines : ResultChart::fitting;
}

void check_result_output(const ResultOutputOptions& options, const Terminal& terminal) {
  if (options.chart && options.format && options.format != "table") {
    throw app::usage_error("Choose only one of --chart and --format " + *options.format);
  }
  if (options.format == "parquet" && terminal.out_is_terminal()) {
    throw app::usage_error(
        "--format parquet writes bytes, which a terminal cannot show; add: > result.parquet");
  }
}

}  // namespace ktx::cli
