#include "app.hpp"

#include <CLI/CLI.hpp>
#include <string>

#include "commands/cache.hpp"
#include "commands/interpreter_health.hpp"
#include "commands/load_libpython.hpp"
#include "commands/runtime.hpp"
#include "commands/serve.hpp"
#include "commands/sl.hpp"
#include "embedding_choice.hpp"
#include "managed_transport.hpp"
#include "startup_report.hpp"
#include "version.hpp"

namespace ktx::cli {

std::unique_ptr<CLI::App> make_app(Context& context) {
  auto app = std::make_unique<CLI::App>("Semantic queries to correct SQL for your warehouse", "ktx");
  app->set_version_flag("-v,--version", version, "Print the version and exit");
  app->add_option("--project-dir", context.project_directory,
                  "The project's folder (default: KTX_PROJECT_DIR, then the nearest folder upwards that "
                  "holds ktx.yaml)");
  app->add_flag("--debug", context.debug, "Print what is being done to stderr");
  app->add_flag("-q,--quiet", context.quiet, "Nothing on stderr but errors, and warnings about the answer");
  app->add_flag("--no-cache", context.no_cache,
                "Use nothing that earlier commands kept, and keep nothing (also: KTX_NO_CACHE)");
  add_startup_report_option(*app);
  app->require_subcommand(0, 1);
  app->fallthrough();  // the options above are also understood behind a subcommand
  setup_interpreter_health(*app, context);
  setup_load_libpython(*app, context);
  setup_serve(*app, context);
  setup_sl(
      *app, context,
      [&context](const PythonOptions& options) {
        return connect_managed_runtime(context, options, {runtime::Feature::core});
      },
      [&context](const PythonOptions& options, const std::string& backend) {
        return connect_managed_runtime(context, options, embedding_features(backend));
      });
  setup_runtime(*app, context);
  setup_cache(*app, context);
  return app;
}

}  // namespace ktx::cli
