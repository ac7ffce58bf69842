#include "completion/option_values.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "context.hpp"
#include "help/command_tree.hpp"
#include "ktx/project/measure.hpp"
#include "ktx/project/project.hpp"
#include "ktx/project/source_tree.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/semantic/conformance.hpp"
#include "ktx/semantic/driver.hpp"
#include "ktx/util/text.hpp"
#include "sl/query_file.hpp"

namespace ktx::cli {
namespace {

// A source with the character that its database puts around names.
struct ReadSource {
  project::Source source;
  char quote;
};

// How the name behind a source is written.
enum class Spelling : std::uint8_t { plain, field, sql };

// The names in the project, read without Python when they are asked for. What cannot be read has no names:
// completion never fails, and prints nothing to stderr.
class ProjectNames {
 public:
  // `directory` and `connection` are the values of --project-dir and --connection-id on the line.
  ProjectNames(const Environment& environment, std::optional<std::string> directory,
               std::optional<std::string> connection);

  Candidates connections() const;
  Candidates sources() const;
  Candidates measures() const;  ///< "orders.revenue", without hidden ones
  Candidates segments() const;
  /// "orders.status", without hidden ones, as a dimension or, `in_sql`, as a part of a condition.
  Candidates columns(bool in_sql) const;
  Candidates time_columns() const;  ///< those that have granularities
  /// Each measure's own time, where a source has one.
  Candidates metric_time() const;
  Candidates wiki_keys() const;
  std::vector<std::string> granularities() const;  ///< those that the project has made too

 private:
  const std::vector<ReadSource>& read_sources() const;
  Candidates members(const char* list, bool (*wanted)(const yaml::Node&), Spelling spelling) const;

  std::optional<project::Project> project_;
  std::optional<std::string> connection_;
  mutable std::optional<std::vector<ReadSource>> sources_;
};

namespace fs = std::filesystem;

// Expands a leading ~, which the shell does only when the command runs.
std::string with_home(std::string folder, const Environment& environment) {
  const auto home = environment.variable("HOME");
  if (home && (folder == "~" || folder.starts_with("~/"))) folder.replace(0, 1, *home);
  return folder;
}

bool is_any(const yaml::Node& /*node*/) { return true; }

bool is_time(const yaml::Node& column) {
  return project::is_visible(column) &&
         (column.find_text("type") == "time" || column.find_text("role") == "time");
}

char quote_of(const project::Config& config, const std::string& id) {
  const project::Connection* connection = config.find_connection(id);
  if (connection == nullptr || !connection->driver) return '"';
  const std::string dialect = semantic::dialect_of_driver(*connection->driver).value_or("");
  return dialect == "mysql" || dialect == "bigquery" || dialect == "databricks" || dialect == "spark" ? '`'
                                                                                                      : '"';
}

// Whether SQL takes the name as it stands. All of UTF-8 above ASCII counts as letters.
bool is_word(std::string_view name) {
  const auto is_letter = [](char c) { return c == '_' || (c & 0x80) != 0 || std::isalpha(c) != 0; };
  return !name.empty() && is_letter(name[0]) && std::ranges::all_of(name, [&](char c) {
    return is_letter(c) || c == '$' || (c >= '0' && c <= '9');
  });
}

// A field of a question needs quotes only where a dot, a colon or a quote would be taken for syntax.
std::string written(const std::string& name, Spelling spelling, char quote) {
  const bool is_plain =
      spelling == Spelling::plain ||
      (spelling == Spelling::sql ? is_word(name) : name.find_first_of(".:\"`") == std::string::npos);
  if (is_plain) return name;
  std::string text(1, quote);
  for (const char c : name) text.append(c == quote ? 2 : 1, c);
  return text + quote;
}

Candidate named(std::string name, const std::string& description) {
  return {std::move(name), std::string(first_line(description))};
}

// Adds the pages below `folder`: their paths without the suffix.
void add_pages(const fs::path& folder, std::set<std::string>& keys) {
  std::error_code ignored;
  for (fs::recursive_directory_iterator at(folder, ignored), end; at != end; at.increment(ignored)) {
    if (at->path().extension() != ".md") continue;
    keys.insert(at->path().lexically_relative(folder).replace_extension().generic_string());
  }
}

ProjectNames::ProjectNames(const Environment& environment, std::optional<std::string> directory,
                           std::optional<std::string> connection)
    : connection_(std::move(connection)) {
  try {
    std::optional<fs::path> option;
    if (directory) option = with_home(*std::move(directory), environment);
    project_ = project::load_project(project::find_project_directory(option, environment));
  } catch (const std::exception&) {
    project_.reset();
  }
}

Candidates ProjectNames::connections() const {
  if (!project_) return {};
  Candidates found;
  for (const project::Connection& connection : project_->config.connections) {
    found.push_back({connection.id, connection.driver.value_or("")});
  }
  for (const std::string& id : project::connections_with_sources(project_->directory)) {
    if (project_->config.find_connection(id) == nullptr) found.push_back({id, "not in ktx.yaml"});
  }
  return found;
}

const std::vector<ReadSource>& ProjectNames::read_sources() const {
  if (sources_) return *sources_;
  sources_.emplace();
  if (!project_) return *sources_;
  try {
    auto ids =
        connection_ ? std::vector{*connection_} : project::connections_with_sources(project_->directory);
    for (const std::string& id : ids) {
      // The id was typed and may be a path that leads out of the project.
      if (!project::is_connection_id(id)) continue;
      auto tree = project::load_source_tree(project_->directory, id);
      const char quote = quote_of(project_->config, id);
      for (project::Source& source : tree.sources) sources_->push_back({std::move(source), quote});
    }
  } catch (const std::exception&) {
    return *sources_;  // the ones read so far
  }
  return *sources_;
}

Candidates ProjectNames::members(const char* list, bool (*wanted)(const yaml::Node&),
                                 Spelling spelling) const {
  Candidates found;
  for (const auto& [source, quote] : read_sources()) {
    const yaml::Node* nodes = source.definition.find(list);
    if (nodes == nullptr) continue;
    for (const yaml::Node& node : nodes->items) {
      const auto name = node.find_text("name");
      if (name && wanted(node)) {
        Candidate candidate =
            named(source.name + "." + written(*name, spelling, quote), project::description_of(node));
        candidate.typed = source.name + "." + *name;
        found.push_back(std::move(candidate));
      }
    }
  }
  return found;
}

Candidates ProjectNames::sources() const {
  Candidates found;
  for (const auto& [source, quote] : read_sources()) {
    found.push_back(named(source.name, source.description()));
  }
  return found;
}

Candidates ProjectNames::measures() const {
  return members("measures", project::is_visible, Spelling::plain);
}

Candidates ProjectNames::segments() const { return members("segments", is_any, Spelling::plain); }

Candidates ProjectNames::columns(bool in_sql) const {
  return members("columns", project::is_visible, in_sql ? Spelling::sql : Spelling::field);
}

Candidates ProjectNames::time_columns() const { return members("columns", is_time, Spelling::field); }

std::vector<std::string> ProjectNames::granularities() const {
  // As the planner lists them: those that everybody has, then those of a calendar.
  std::vector<std::string> names(project::duration_units.begin(), project::duration_units.end());
  const auto add = [&](const std::string& name) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  };
  if (!project_) return names;
  for (const project::Connection& connection : project_->config.connections) {
    if ((connection_ && connection.id != *connection_) || !connection.calendar.is_object()) continue;
    if (connection.calendar.contains("fiscal_year_start")) {
      for (const std::string_view name : app::granularities) add(std::string(name));
    }
    const auto spine = connection.calendar.find("time_spine");
    if (spine == connection.calendar.end() || !spine->contains("custom_granularities")) continue;
    for (const Json& custom : spine->at("custom_granularities")) add(custom.value("name", ""));
  }
  return names;
}

Candidates ProjectNames::metric_time() const {
  const auto is_dated = [](const ReadSource& read) { return !project::default_time_of(read.source).empty(); };
  if (std::ranges::none_of(read_sources(), is_dated)) return {};
  return {{project::metric_time, "Each measure's own time"}};
}

Candidates ProjectNames::wiki_keys() const {
  if (!project_) return {};
  std::set<std::string> keys;
  // Older projects have their wiki in knowledge/.
  for (const char* root : {"wiki", "knowledge"}) {
    const fs::path folder = project_->directory / root;
    add_pages(folder / "global", keys);
    std::error_code ignored;
    for (fs::directory_iterator at(folder / "user", ignored), end; at != end; at.increment(ignored)) {
      add_pages(at->path(), keys);
    }
  }
  Candidates found;
  for (const std::string& key : keys) found.push_back({key, ""});
  return found;
}

// The context of one value.
struct Question {
  const ParsedLine& line;
  const std::string& current;
  const Environment& environment;
  ProjectNames names;
};

bool is_named(const Candidates& candidates, const std::string& value) {
  return std::ranges::any_of(candidates, [&](const Candidate& one) { return one.value == value; });
}

// The names that match, and, once the word has come down to one of them, what may follow its colon.
CompletionAnswer with_suffixes(const Candidates& names, const Candidates& extensible,
                               const std::vector<std::string>& suffixes, const std::string& current) {
  CompletionAnswer answer;
  for (const Candidate& name : names) {
    if (name.goes_on(current)) answer.candidates.push_back(name);
  }
  const std::string field = answer.candidates.size() == 1 ? answer.candidates[0].value
                                                          : current.substr(0, app::end_of_field(current));
  if (!is_named(extensible, field)) return answer;
  answer.open = true;
  for (const std::string& suffix : suffixes) {
    answer.candidates.push_back({std::string(field).append(":").append(suffix), ""});
  }
  return answer;
}

Candidates both(Candidates first, const Candidates& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

CompletionAnswer connection_values(const Question& ask) { return {.candidates = ask.names.connections()}; }
CompletionAnswer source_values(const Question& ask) { return {.candidates = ask.names.sources()}; }
CompletionAnswer measure_values(const Question& ask) { return {.candidates = ask.names.measures()}; }
CompletionAnswer segment_values(const Question& ask) { return {.candidates = ask.names.segments()}; }
CompletionAnswer wiki_values(const Question& ask) { return {.candidates = ask.names.wiki_keys()}; }

CompletionAnswer column_values(const Question& ask) {
  // A condition follows.
  return {.candidates = both(ask.names.columns(true), ask.names.metric_time()), .open = true};
}

CompletionAnswer dimension_values(const Question& ask) {
  const Candidates own_time = ask.names.metric_time();
  return with_suffixes(both(ask.names.columns(false), own_time), both(ask.names.time_columns(), own_time),
                       ask.names.granularities(), ask.current);
}

// For --order-by: the measures and dimensions that the line selects, without granularities.
CompletionAnswer order_values(const Question& ask) {
  Candidates selected;
  for (const char* option : {"--measure", "--dimension"}) {
    const auto found = ask.line.options.find(option);
    if (found == ask.line.options.end()) continue;
    for (const std::string& value : found->second) {
      selected.push_back({value.substr(0, app::end_of_field(value)), option + 2});
    }
  }
  return with_suffixes(selected, selected, {"asc", "desc"}, ask.current);
}

// For --join-path: sources, separated by commas.
CompletionAnswer path_of_sources(const Question& ask) {
  const auto comma = ask.current.rfind(',');
  const std::string before = comma == std::string::npos ? "" : ask.current.substr(0, comma + 1);
  CompletionAnswer answer{.candidates = ask.names.sources(), .open = true};
  for (Candidate& candidate : answer.candidates) candidate.value.insert(0, before);
  return answer;
}

// For --only: features, separated by commas.
CompletionAnswer feature_values(const Question& ask) {
  const auto comma = ask.current.rfind(',');
  const std::string before = comma == std::string::npos ? "" : ask.current.substr(0, comma + 1);
  CompletionAnswer answer{.candidates = {}, .open = true};
  for (const std::string_view name : semantic::conformance_features()) {
    answer.candidates.push_back({before + std::string(name), ""});
  }
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
  std::string_view name;  ///< the longest form of an option, or a placeholder of the help
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
                                     Known{"--only", feature_values},
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
  // Without a look at the project, which takes longer.
  if (!answer.candidates.empty()) return answer;
  return values_by_name(
      option, {line, current, environment,
               ProjectNames(environment, line.value("--project-dir"), line.value("--connection-id"))});
}

}  // namespace ktx::cli
