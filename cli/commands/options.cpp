#include "options.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <charconv>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "help/usage_message.hpp"
#include "ktx/app/usage_error.hpp"
#include "ktx/output/list_view.hpp"
#include "ktx/util/filesystem.hpp"

namespace ktx::cli {
namespace {

// Without a bound above, of which nobody needs to know, unless the number was beyond it.
std::string range_in_words(std::int64_t least, std::int64_t most, bool is_beyond) {
  const std::string from = std::to_string(least);
  if (is_beyond || most != std::numeric_limits<std::int64_t>::max()) {
    return "from " + from + " to " + std::to_string(most);
  }
  return "of " + from + " or more";
}

constexpr std::array<std::pair<std::string_view, ResultFormat>, 5> result_formats = {
    {{"table", ResultFormat::table},
     {"json", ResultFormat::json},
     {"csv", ResultFormat::csv},
     {"markdown", ResultFormat::markdown},
     {"parquet", ResultFormat::parquet}}};

// Describes a wrong value of --chart; empty for a good one. The value is optional, so the option takes the
// next word whatever it is: `ktx sql --chart "select 1"`.
std::string chart_kind_fault(const std::string& kind) {
  if (kind.empty() || kind == "bar" || kind == "line") return {};
  return "expects bar, line or nothing, not " + quoted_word(kind) + "; an argument goes before it";
}

}  // namespace

void add_text_argument(CLI::App& command, TextArgument& argument, const std::string& option,
                       const std::string& description) {
  command.add_option(option, argument.text, description + "; - reads it from stdin");
  command.add_option("--file", argument.file, "A file to read it from, in place of " + option);
}

void check_text_argument(const TextArgument& argument, const std::string& option) {
  if (argument.text && argument.file) throw app::usage_error("Choose only one of " + option + " and --file");
  if (!argument.text && !argument.file)
    throw app::usage_error("Write the text after " + option + " or name a --file");
}

std::string read_text_argument(const TextArgument& argument, const Context& context) {
  if (argument.text) return *argument.text == "-" ? read_stdin() : *argument.text;
  return *argument.file == "-" ? read_stdin() : read_file(context.environment.directory / *argument.file);
}

std::string read_stdin() { return read_descriptor(STDIN_FILENO, "stdin"); }

CLI::Validator whole_number(std::int64_t least, std::int64_t most) {
  const auto check = [=](std::string& text) -> std::string {
    std::int64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, value);
    if (read.ec != std::errc() || read.ptr != end || value < least || value > most) {
      const bool is_beyond = read.ec == std::errc::result_out_of_range && text.front() != '-';
      return "must be a whole number " + range_in_words(least, most, is_beyond) + ", not " +
             quoted_word(text);
    }
    // CLI11 reads 010 as octal; this is the number in decimal.
    text = std::to_string(value);
    return {};
  };
  // Without a description, which CLI11 would add to the type in the help.
  return {check, ""};
}

void add_list_output_options(CLI::App& command, ListOutputOptions& options) {
  command
      .add_option("--output", options.output,
                  "pretty, plain or json (default: KTX_OUTPUT, then plain under CI, then pretty on a "
                  "terminal)")
      ->type_name("MODE");
  command.add_flag("--json", options.json, "The same as --output json");
}

OutputMode output_mode_of(const ListOutputOptions& options, const Context& context) {
  return choose_output_mode(options.json, options.output, context.environment,
                            context.terminal.out_is_terminal());
}

void write_list(const Context& context, OutputMode mode, std::string_view text) {
  const auto columns = context.terminal.out_limit();
  // Other modes are for programs, and not broken.
  context.terminal.out(mode == OutputMode::pretty && columns ? fit_pretty_list(text, *columns)
                                                             : std::string(text));
}

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
  // A program that reads stdout gets what a program can read.
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

void add_search_options(CLI::App& command, SearchOptions& options, const std::string& found) {
  constexpr int most_found = 1'000'000;
  command.add_option("words", options.words, "What to look for; all " + found + " when there are none");
  command.add_option("--limit", options.limit, "At most so many " + found + " (default: 10)")
      ->transform(whole_number(1, most_found))
      ->type_name("N");
  command.add_flag("--reindex", options.reindex, "Make the search index anew first");
  add_list_output_options(command, options.output);
  add_python_options(command, options.python);
}

search::Request search_request(const SearchOptions& options) {
  search::Request request;
  for (const std::string& word : options.words) {
    if (!request.query.empty()) request.query += ' ';
    request.query += word;
  }
  request.limit = options.limit;
  request.reindex = options.reindex;
  return request;
}

void note_lanes(const Context& context, const Lanes& lanes, OutputMode mode, bool may_be_installed) {
  // Not a note: a lane that failed changes the answer, so --quiet does not hide it.
  if (mode != OutputMode::json) context.terminal.err(render_lane_notes(lanes));
  // A script cannot act on advice.
  const bool for_a_person = mode == OutputMode::pretty && context.terminal.out_is_terminal();
  if (for_a_person && may_be_installed && lacks_embeddings(lanes)) {
    context.note("To search by meaning too: ktx runtime install --feature local-embeddings --yes");
  }
}

void add_install_policy_options(CLI::App& command, app::InstallConsent& options) {
  command.add_flag("--yes", options.yes, "Install the Python runtime without asking when it is needed");
  command.add_flag("--no-input", options.no_input, "Never ask; fail when the Python runtime is not ready");
}

void add_python_options(CLI::App& command, app::PythonNeeds& options) {
  add_install_policy_options(command, options.install);
  CLI::Option* with = command.add_flag_callback(
      "--daemon", [&options] { options.daemon = app::DaemonChoice::always; },
      "Ask the KTX Python daemon, and start it when it does not run");
  command
      .add_flag_callback(
          "--no-daemon", [&options] { options.daemon = app::DaemonChoice::never; },
          "Load Python into this process, whether or not a daemon runs")
      ->excludes(with);
}

void check_install_policy(const app::InstallConsent& options) {
  if (options.yes && options.no_input) {
    throw app::usage_error("Choose only one runtime install mode: --yes or --no-input");
  }
}

}  // namespace ktx::cli
