#include "output/result_output.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "commands/usage_error.hpp"
#include "ktx/semantic/parquet.hpp"
#include "output/chart.hpp"
#include "output/result_parquet.hpp"
#include "output/text_width.hpp"
#include "pager.hpp"

namespace ktx::cli {
namespace {

constexpr std::array<std::pair<std::string_view, ResultFormat>, 5> result_formats = {
    {{"table", ResultFormat::table},
     {"json", ResultFormat::json},
     {"csv", ResultFormat::csv},
     {"markdown", ResultFormat::markdown},
     {"parquet", ResultFormat::parquet}}};

constexpr const char* has_everything = "--format csv or json has everything";

std::string row_count_line(const RowsAnswer& answer, const TableText& table) {
  const std::size_t count = answer.rows.result.rows.size();
  std::string line = std::to_string(count) + (count == 1 ? " row in " : " rows in ") +
                     std::to_string(answer.duration.count()) + " ms";
  if (table.is_cut) line.append("; what ends in … is cut (").append(has_everything).append(")");
  return line;
}

void note_line(const Context& context, const std::string& line) {
  context.note(broken_between_words(line, context.terminal.err_limit()) + "\n");
}

/// Empty for what may stand behind --chart; the option takes the next word, whatever it is.
std::string chart_kind_fault(const std::string& kind) {
  if (kind.empty() || kind == "bar" || kind == "line") return {};
  return "expects bar, line or nothing, not \"" + kind + "\"; an argument goes before it";
}

void write_table(const Context& context, const ResultOutputOptions& options, const RowsAnswer& answer) {
  const Terminal& terminal = context.terminal;
  const std::optional<std::size_t> columns = terminal.out_limit();
  const TableText table = render_table(answer.rows, terminal.out_style(), columns);
  show_text(context, table.text, options.no_pager);
  if (table.needed_columns) {
    note_line(context, "Each row is shown as a record: a table needs " +
                           std::to_string(*table.needed_columns) + " columns, and the terminal has " +
                           std::to_string(*columns) + " (" + has_everything + ")");
  }
  note_line(context, row_count_line(answer, table));
}

void write_chart(const Context& context, const ResultOutputOptions& options, const RowsAnswer& answer) {
  const Terminal& terminal = context.terminal;
  const Chart chart = make_chart(answer.rows, answer.dimensions);
  const ChartKind kind = options.chart == "bar"    ? ChartKind::bar
                         : options.chart == "line" ? ChartKind::line
                                                   : fitting_kind(chart);
  const ChartSize size{terminal.out_columns(), terminal.out_rows()};
  const auto render = kind == ChartKind::bar ? render_bars : render_lines;
  show_text(context, render(chart, terminal.out_style(), size), options.no_pager);
  note_line(context, row_count_line(answer, {}));
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

void check_result_output(const ResultOutputOptions& options, const Terminal& terminal) {
  if (options.chart && options.format && options.format != "table") {
    throw usage_error("Choose only one of --chart and --format " + *options.format);
  }
  if (options.format == "parquet" && terminal.out_is_terminal()) {
    throw usage_error("--format parquet writes bytes, which a terminal cannot show; add: > result.parquet");
  }
}

void write_rows(const Context& context, const ResultOutputOptions& options, const RowsAnswer& answer) {
  switch (result_format(options, context.terminal)) {
    case ResultFormat::table:
      if (options.chart) return write_chart(context, options, answer);
      return write_table(context, options, answer);
    case ResultFormat::json: show_text(context, answer.json(), options.no_pager); return;
    case ResultFormat::csv: show_text(context, render_csv(answer.rows), options.no_pager); return;
    case ResultFormat::markdown: show_text(context, render_markdown(answer.rows), options.no_pager); return;
    case ResultFormat::parquet:
      context.terminal.out(semantic::parquet_file(answer.python(), parquet_request(answer.rows)));
      return;
  }
}

}  // namespace ktx::cli
