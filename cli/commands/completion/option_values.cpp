#include "completion/option_values.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "completion/project_names.hpp"
#include "help/command_tree.hpp"
#include "ktx/runtime/layout.hpp"

namespace ktx::cli {
namespace {

/// As semantic_layer.time_grain has them.
constexpr std::array<std::string_view, 8> granularities = {"second", "minute", "hour",    "day",
                                                           "week",   "month",  "quarter", "year"};
constexpr std::array<std::string_view, 2> directions = {"asc", "desc"};

/// What is asked about one value.
struct Question {
  const ParsedLine& line;
  const std::string& current;
  const Environment& environment;
  ProjectNames names;
};

bool is_named(const Candidates& candidates, const std::string& value) {
  return std::ranges::any_of(candidates, [&](const Candidate& one) { return one.value == value; });
}

/// `names`, and behind the one that the word has come down to, what may follow its colon.
template <std::size_t count>
CompletionAnswer with_suffixes(const Candidates& names, const Candidates& extensible,
                               const std::array<std::string_view, count>& suffixes,
                               const std::string& current) {
  CompletionAnswer answer;
  for (const Candidate& name : names) {
    if (name.value.starts_with(current)) answer.candidates.push_back(name);
  }
  const std::string field =
      answer.candidates.size() == 1 ? answer.candidates[0].value : current.substr(0, current.find(':'));
  if (!is_named(extensible, field)) return answer;
  answer.open = true;
  for (const std::string_view suffix : suffixes) {
    answer.candidates.push_back({field + ":" + std::string(suffix), ""});
  }
  return answer;
}

CompletionAnswer connection_values(const Question& ask) { return {.candidates = ask.names.connections()}; }
CompletionAnswer source_values(const Question& ask) { return {.candidates = ask.names.sources()}; }
CompletionAnswer measure_values(const Question& ask) { return {.candidates = ask.names.measures()}; }
CompletionAnswer segment_values(const Question& ask) { return {.candidates = ask.names.segments()}; }
CompletionAnswer wiki_values(const Question& ask) { return {.candidates = ask.names.wiki_keys()}; }

CompletionAnswer column_values(const Question& ask) {
  return {.candidates = ask.names.columns(), .open = true};  // a condition goes on
}

CompletionAnswer dimension_values(const Question& ask) {
  return with_suffixes(ask.names.columns(), ask.names.time_columns(), granularities, ask.current);
}

/// What the query selects: its measures, and its dimensions without their granularity.
CompletionAnswer order_values(const Question& ask) {
  Candidates selected;
  for (const char* option : {"--measure", "--dimension"}) {
    const auto found = ask.line.options.find(option);
    if (found == ask.line.options.end()) continue;
    for (const std::string& value : found->second) {
      selected.push_back({value.substr(0, value.find(':')), option + 2});
    }
  }
  return with_suffixes(selected, selected, directions, ask.current);
}

/// Sources with commas between them.
CompletionAnswer path_of_sources(const Question& ask) {
  const auto comma = ask.current.rfind(',');
  const std::string before = comma == std::string::npos ? "" : ask.current.substr(0, comma + 1);
  CompletionAnswer answer{.candidates = ask.names.sources(), .open = true};
  for (Candidate& candidate : answer.candidates) candidate.value.insert(0, before);
  return answer;
}

CompletionAnswer output_modes(const Question& /*ask*/) {
  return {.candidates = {{"pretty", ""}, {"plain", ""}, {"json", ""}}};
}

CompletionAnswer python_versions(const Question& ask) {
  CompletionAnswer answer;
  for (const int minor : runtime::plugin_minors(runtime::plugin_dir_of(ask.environment))) {
    answer.candidates.push_back({"3." + std::to_string(minor), ""});
  }
  return answer;
}

CompletionAnswer files(const Question& /*ask*/) {
  return {.candidates = {}, .paths = CompletionAnswer::Paths::files};
}
CompletionAnswer folders(const Question& /*ask*/) {
  return {.candidates = {}, .paths = CompletionAnswer::Paths::folders};
}

struct Known {
  std::string_view name;  ///< an option's longest form, or a value as help shows it
  CompletionAnswer (*values)(const Question&);
};

constexpr std::array known_values = {Known{"--connection-id", connection_values},
                                     Known{"--connection", connection_values},
                                     Known{"<connection>", connection_values},
                                     Known{"<connection-id>", connection_values},
                                     Known{"<id>", connection_values},
                                     Known{"<source>", source_values},
                                     Known{"--source", source_values},
                                     Known{"--measure", measure_values},
                                     Known{"--dimension", dimension_values},
                                     Known{"--filter", column_values},
                                     Known{"--segment", segment_values},
                                     Known{"--order-by", order_values},
                                     Known{"--join-path", path_of_sources},
                                     Known{"<key>", wiki_values},
                                     Known{"--output", output_modes},
                                     Known{"--python", python_versions},
                                     Known{"<version>", python_versions},
                                     Known{"<folder>", folders},
                                     Known{"<directory>", folders},
                                     Known{"<path>", files},
                                     Known{"<file>", files}};

CompletionAnswer values_by_name(const CLI::Option& option, const Question& ask) {
  const std::string shown = value_name(option);
  const std::string form = option.get_positional() ? shown : option_forms(option).back();
  const auto found = std::ranges::find_if(
      known_values, [&](const Known& known) { return known.name == form || known.name == shown; });
  return found == known_values.end() ? CompletionAnswer() : found->values(ask);
}

}  // namespace

CompletionAnswer option_values(const CLI::Option& option, const ParsedLine& line, const std::string& current,
                               const Environment& environment) {
  CompletionAnswer answer;
  for (const std::string& value : allowed_values(option)) answer.candidates.push_back({value, ""});
  if (!answer.candidates.empty()) return answer;
  return values_by_name(
      option, {line, current, environment,
               ProjectNames(environment, line.value("--project-dir"), line.value("--connection-id"))});
}

}  // namespace ktx::cli
