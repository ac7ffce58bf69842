#include "commands/sl_validate.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <set>
#include <tuple>
#include <utility>

#include "commands/usage_error.hpp"
#include "examples.hpp"
#include "ktx/project/suggestion.hpp"
#include "ktx/util/error.hpp"
#include "model_check.hpp"
#include "open_project.hpp"
#include "output/finding_list_view.hpp"
#include "plan_cache.hpp"

namespace ktx::cli {
namespace {

Error unknown_source(const std::string& name, const std::vector<ModelCheck>& checks) {
  std::set<std::string_view> names;
  bool complete = true;
  for (const ModelCheck& check : checks) {
    for (const project::Source& source : check.tree().sources) names.insert(source.name);
    complete = complete && check.tree().unread.empty();
  }
  const std::string meant = project::closest(name, {names.begin(), names.end()});
  return {ErrorKind::model,
          "There is no semantic-layer source \"" + name + "\"" +
              (meant.empty() ? "" : "; did you mean \"" + meant + "\"?"),
          complete ? "ktx sl list shows the sources"
                   : "ktx sl validate shows which files could not be read; it may be in one of them"};
}

/// The connections to check, with the findings that their files have.
std::vector<ModelCheck> read_models(const project::Project& project, const SlValidateOptions& options,
                                    const semantic::PlanCache* cache) {
  std::vector<ModelCheck> checks;
  for (const std::string& id : connections_meant(project, options.connection_id)) {
    checks.emplace_back(project, id, cache);
  }
  if (!options.source) return checks;
  const auto knows = [&](const ModelCheck& check) { return check.knows(*options.source); };
  if (std::ranges::none_of(checks, knows)) throw unknown_source(*options.source, checks);
  std::erase_if(checks, std::not_fn(knows));
  return checks;
}

void ask_planner(std::vector<ModelCheck>& checks, const SlValidateOptions& options,
                 const TransportFactory& connect) {
  std::unique_ptr<semantic::Transport> planner;
  for (ModelCheck& check : checks) {
    if (!check.needs_planner() || check.recall()) continue;
    if (!planner) planner = connect(options.python);
    check.ask(*planner);
  }
}

/// Whether the finding is to be shown when only one source was asked about. What is about no source may be
/// about this one, and while a file cannot be read no source is checked whole.
bool concerns(const ListedFinding& finding, const std::string& source, const project::SourceTree& tree) {
  return finding.diagnostic.source == source || finding.diagnostic.source.empty() ||
         tree.unread.contains(finding.diagnostic.file) ||
         std::ranges::find(finding.concerned, source) != finding.concerned.end();
}

void sort_by_place(std::vector<ListedFinding>& findings) {
  std::ranges::stable_sort(findings, {}, [](const ListedFinding& finding) {
    const project::Diagnostic& one = finding.diagnostic;
    return std::tie(one.file, one.line, one.column, one.code);
  });
}

FindingList list_findings(const project::Project& project, const std::vector<ModelCheck>& checks,
                          const std::optional<std::string>& source) {
  FindingList list;
  list.source = source.value_or("");
  if (!source) {
    for (const project::Diagnostic& finding : project.config.findings)
      list.findings.push_back({finding, {}, {}});
  }
  for (const ModelCheck& check : checks) {
    list.connections.push_back(check.connection_id());
    list.sources += source ? 1 : check.tree().sources.size();
    for (const ListedFinding& finding : check.findings()) {
      if (!source || concerns(finding, *source, check.tree())) {
        list.findings.push_back(finding);
      } else if (finding.diagnostic.severity == project::Severity::error) {
        ++list.errors_elsewhere;
      }
    }
  }
  sort_by_place(list.findings);
  return list;
}

/// From the repository's root, which GitHub's annotations count from, to the project: "" or "a/b/".
std::string repository_prefix(const Context& context, const project::Project& project) {
  const auto root = context.environment.variable("GITHUB_WORKSPACE");
  if (!root) return {};
  const std::string path = project.directory.lexically_relative(*root).generic_string();
  return path.empty() || path == "." || path.starts_with("..") ? "" : path + "/";
}

void write(const Context& context, const project::Project& project, const FindingList& list,
           const SlValidateOptions& options) {
  switch (options.format) {
    case FindingFormat::text: context.terminal.out(render_findings_text(list, options.verbose)); return;
    case FindingFormat::json: context.terminal.out(render_findings_json(list)); return;
    case FindingFormat::github:
      context.terminal.out(render_findings_github(list, repository_prefix(context, project)));
  }
}

/// The options as typed.
struct ValidateArguments {
  SlValidateOptions options;
  std::string format = "text";
  bool json = false;
};

FindingFormat choose_format(const ValidateArguments& arguments) {
  if (arguments.json || arguments.format == "json") return FindingFormat::json;
  return arguments.format == "github" ? FindingFormat::github : FindingFormat::text;
}

void check(const ValidateArguments& arguments) {
  if (arguments.options.connection_id) check_connection_id(*arguments.options.connection_id);
  if (arguments.json && arguments.format == "github") {
    throw usage_error("Choose only one of --json and --format github");
  }
  check_install_policy(arguments.options.python.install);
}

}  // namespace

int run_sl_validate(const Context& context, const SlValidateOptions& options,
                    const TransportFactory& connect) {
  const project::Project project = read_project(context);
  const auto cache = open_plan_cache(context);
  std::vector<ModelCheck> checks = read_models(project, options, cache ? &*cache : nullptr);
  try {
    ask_planner(checks, options, connect);
  } catch (const Error&) {
    // What the files alone show is worth reading. Without an error in them it would look like a verdict,
    // and a program must not take it for the whole list.
    const FindingList found = list_findings(project, checks, options.source);
    const bool wrong = found.count(project::Severity::error) != 0;
    if (wrong && options.format == FindingFormat::text) write(context, project, found, options);
    throw;
  }
  const FindingList list = list_findings(project, checks, options.source);
  write(context, project, list, options);
  return list.count(project::Severity::error) == 0 ? 0 : exit_code(ErrorKind::model);
}

void setup_sl_validate(CLI::App& parent, Context& context, TransportFactory connect) {
  const auto arguments = std::make_shared<ValidateArguments>();
  CLI::App& command = *parent.add_subcommand("validate", "Check the semantic layer and list what is wrong");
  command.add_option("source", arguments->options.source, "Only what concerns this source");
  command
      .add_option("--connection-id", arguments->options.connection_id, "Only the sources of this connection")
      ->type_name("ID");
  command
      .add_option("--format", arguments->format,
                  "text, json, or github for annotations in a GitHub workflow (default: text)")
      ->check(CLI::IsMember({"text", "json", "github"}));
  command.add_flag("--json", arguments->json, "The same as --format json");
  command.add_flag("-v,--verbose", arguments->options.verbose,
                   "List every warning and hint, not the first of a kind and how many more there are");
  add_python_options(command, arguments->options.python);
  add_examples(command,
               {{"ktx sl validate", "Check every source of the project"},
                {"ktx sl validate orders --connection-id warehouse", "List only what concerns one source"},
                {"ktx sl validate --yes --format github", "Annotate a pull request in a workflow"}});
  command.callback([arguments, &context, connect = std::move(connect)] {
    check(*arguments);
    SlValidateOptions options = arguments->options;
    options.format = choose_format(*arguments);
    context.command = [options = std::move(options), &context, connect] {
      return run_sl_validate(context, options, connect);
    };
  });
}

}  // namespace ktx::cli
