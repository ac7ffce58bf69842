#include "sl/sl_validate.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "ktx/app/model_check.hpp"
#include "ktx/app/project_access.hpp"
#include "ktx/app/usage_error.hpp"
#include "ktx/output/finding_list_view.hpp"
#include "ktx/util/error.hpp"
#include "options.hpp"

namespace ktx::cli {
namespace {

enum class FindingFormat : std::uint8_t { text, json, github };

struct SlValidateOptions {
  std::optional<std::string> source;
  std::optional<std::string> connection_id;
  FindingFormat format = FindingFormat::text;
  bool data = false;     ///< the rows in the databases too
  bool verbose = false;  ///< all findings in the text, not only the first of a kind
  app::PythonNeeds python;
};

// The path from the root of the repository, where annotations of GitHub start, to the project: "" or "a/b/".
std::string repository_prefix(const Context& context, const project::Project& project) {
  const auto root = context.environment.variable("GITHUB_WORKSPACE");
  if (!root) return {};
  const std::string path = project.directory.lexically_relative(*root).generic_string();
  return path.empty() || path == "." || path.starts_with("..") ? "" : path + "/";
}

void write(const Context& context, const project::Project& project, const app::FindingList& list,
           const SlValidateOptions& options) {
  switch (options.format) {
    case FindingFormat::text:
      // Unbroken on a terminal too: editors read the places of findings there, a line each.
      context.terminal.out(context.worded(render_findings_text(list, options.verbose)));
      return;
    case FindingFormat::json: context.terminal.out(context.worded(render_findings_json(list))); return;
    case FindingFormat::github:
      context.terminal.out(context.worded(render_findings_github(list, repository_prefix(context, project))));
  }
}

// The options as typed.
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
  if (arguments.options.connection_id) app::check_connection_id(*arguments.options.connection_id);
  if (arguments.json && arguments.format == "github") {
    throw app::usage_error("Choose only one of --json and --format github");
  }
  check_install_policy(arguments.options.python.install);
}

// Writes the findings in the semantic layer to stdout, in one list: of one connection or all, one source or
// all. The planner is loaded only if the files allow a question to it. The exit code is 1 if there is an
// error in the list.
int run_sl_validate(Context& context, const SlValidateOptions& options) {
  // Not `open_project`: findings in ktx.yaml are part of the list.
  const project::Project project = app::read_project(context);
  app::ProjectCheck check(context, project, {options.source, options.connection_id, options.data},
                          options.python);
  try {
    check.ask_planner();
    if (options.data) check.ask_data();
  } catch (const Error&) {
    // The planner, or a database, could not be asked. Errors in the files are worth reading all the same;
    // without any, the list would look like a verdict. A program must not take it for the whole list, so only
    // text is written.
    const app::FindingList found = check.findings();
    const bool wrong = found.count(Severity::error) != 0;
    if (wrong && options.format == FindingFormat::text) write(context, project, found, options);
    throw;
  }
  const app::FindingList list = check.findings();
  write(context, project, list, options);
  return list.count(Severity::error) == 0 ? 0 : exit_code(ErrorKind::model);
}

}  // namespace

void setup_sl_validate(CLI::App& parent, Context& context) {
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
  command.add_flag(
      "--data", arguments->options.data,
      "Ask the databases too whether the rows are as the sources declare: grains, joins, windows");
  command.add_flag("-v,--verbose", arguments->options.verbose,
                   "List every warning and hint, not the first of a kind and how many more there are");
  add_python_options(command, arguments->options.python);
  add_examples(command,
               {{"ktx sl validate", "Check every source of the project"},
                {"ktx sl validate --data", "Check the rows in the databases as well"},
                {"ktx sl validate orders --connection-id warehouse", "List only what concerns one source"},
                {"ktx sl validate --yes --format github", "Annotate a pull request in a workflow"}});
  command.callback([arguments, &context] {
    check(*arguments);
    SlValidateOptions options = arguments->options;
    options.format = choose_format(*arguments);
    context.command = [options = std::move(options), &context] { return run_sl_validate(context, options); };
  });
}

}  // namespace ktx::cli
