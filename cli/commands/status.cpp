#include "status.hpp"

#include <memory>

#include "examples.hpp"
#include "ktx/app/project_access.hpp"
#include "ktx/app/project_status.hpp"
#include "ktx/app/usage_error.hpp"
#include "ktx/output/project_status_view.hpp"
#include "ktx/util/error.hpp"

namespace ktx::cli {

int run_status(const Context& context, const StatusOptions& options) {
  const app::ProjectStatus status = app::project_status(context, options.fast);
  const StatusDetail detail{context.terminal.out_is_terminal() || options.verbose, options.verbose,
                            options.fast};
  context.terminal.out(options.json ? pretty_json(project_status_json(status, options.fast))
                                    : render_project_status(status, detail));
  if (!status.exists()) context.note("There is no ktx.yaml here; ktx setup makes a project");
  if (!options.validate) return 0;
  const bool sound = app::report_findings(context, status.context.findings);
  return sound && status.exists() ? 0 : exit_code(ErrorKind::project);
}

void setup_status(CLI::App& parent, Context& context) {
  const auto options = std::make_shared<StatusOptions>();
  CLI::App& command = *parent.add_subcommand("status", "Show what of the project is set up");
  command.add_flag("--json", options->json, "Print JSON output");
  command.add_flag("--fast", options->fast, "Do not read the semantic layer");
  command.add_flag("--validate", options->validate,
                   "List what is wrong with the project's files too; exit code 1 when there is an error");
  command.add_flag("-v,--verbose", options->verbose, "Say what is missing, for each connection and agent");
  add_examples(command, {{"ktx status", "Show what is set up, and what is not"},
                         {"ktx status --validate", "Look for errors in the project's files too"}});
  command.callback([options, &context] {
    if (options->fast && options->validate)
      throw app::usage_error("Choose only one of --fast and --validate");
    context.command = [options, &context] { return run_status(context, *options); };
  });
}

}  // namespace ktx::cli
