#include "app.hpp"

#include <CLI/CLI.hpp>
#include <string>

#include "commands/cache.hpp"
#include "commands/completion.hpp"
#include "commands/connection.hpp"
#include "commands/help.hpp"
#include "commands/interpreter_health.hpp"
#include "commands/load_libpython.hpp"
#include "commands/runtime.hpp"
#include "commands/serve.hpp"
#include "commands/setup.hpp"
#include "commands/sl.hpp"
#include "commands/sql.hpp"
#include "commands/status.hpp"
#include "commands/wiki.hpp"
#include "database_features.hpp"
#include "embedding_choice.hpp"
#include "help/help_formatter.hpp"
#include "managed_transport.hpp"
#include "startup_report.hpp"
#include "version.hpp"

namespace ktx::cli {
namespace {

/// The end of `ktx --help`.
constexpr const char* root_footer =
    "Exit codes:\n"
    "  0         success\n"
    "  1         the command failed; stderr says what, where and what to do\n"
    "  2         the command line could not be understood\n"
    "  130, 143  interrupted by Ctrl-C, ended by SIGTERM\n"
    "  141       the reader of stdout went away\n"
    "\n"
    "ktx <command> --help says more about a command.";

void add_root_examples(CLI::App& app) {
  add_examples(
      app, {{"ktx sl list", "Show the sources of the project in this folder"},
            {"ktx sl query --measure orders.revenue --dimension orders.status", "Compile a question to SQL"},
            {"ktx sl validate", "Check the semantic layer, with file:line:column"},
            {"ktx runtime status", "Show whether the Python runtime is installed"},
            {"ktx help sl query", "Show the help of one command"}});
}

}  // namespace

std::unique_ptr<CLI::App> make_app(Context& context) {
  auto app = std::make_unique<CLI::App>("Semantic queries to correct SQL for your warehouse", "ktx");
  app->formatter(std::make_shared<HelpFormatter>());  // before the commands, which inherit it
  app->set_version_flag("-v,--version", version, "Print the version and exit; with --json as JSON");
  app->add_option("--project-dir", context.project_directory,
                  "The project's folder (default: KTX_PROJECT_DIR, then the nearest folder upwards that "
                  "holds ktx.yaml)")
      ->type_name("FOLDER")
      ->group(global_options);
  app->add_flag("--debug", context.debug, "Print what is being done to stderr")->group(global_options);
  app->add_flag("-q,--quiet", context.quiet, "Nothing on stderr but errors, and warnings about the answer")
      ->group(global_options);
  app->add_flag("--no-cache", context.no_cache,
                "Use nothing that earlier commands kept, and keep nothing (also: KTX_NO_CACHE)")
      ->group(global_options);
  add_startup_report_option(*app);
  add_root_examples(*app);
  app->require_subcommand(0, 1);
  app->fallthrough();  // the options above are also understood behind a subcommand
  setup_interpreter_health(*app, context);
  setup_load_libpython(*app, context);
  setup_serve(*app, context);
  const TransportFactory connect = [&context](const PythonOptions& options) {
    return connect_managed_runtime(context, options, features_of_driver(options.driver));
  };
  const EmbeddingsFactory connect_embeddings = [&context](const PythonOptions& options,
                                                          const std::string& backend) {
    return connect_managed_runtime(context, options, embedding_features(backend));
  };
  setup_setup(*app, context, connect);
  setup_sl(*app, context, connect, connect_embeddings);
  setup_sql(*app, context, connect);
  setup_connection(*app, context, connect);
  setup_wiki(*app, context, connect_embeddings);
  setup_status(*app, context);
  setup_runtime(*app, context);
  setup_cache(*app, context);
  setup_completion(*app, context);
  setup_help(*app, context);
  app->footer(root_footer);  // after the commands, which would inherit it
  return app;
}

}  // namespace ktx::cli
