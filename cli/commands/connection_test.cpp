#include "connection_test.hpp"

#include <memory>
#include <string>
#include <utility>

#include "examples.hpp"
#include "ktx/app/project_access.hpp"
#include "ktx/app/python_access.hpp"
#include "ktx/app/runtime_session.hpp"
#include "ktx/database/open_executor.hpp"
#include "ktx/output/connection_view.hpp"
#include "python_options.hpp"

namespace ktx::cli {
namespace {

struct ConnectionTestOptions {
  std::string id;
  bool json = false;
  app::PythonNeeds python;
};

int run_connection_test(Context& context, const ConnectionTestOptions& options) {
  const project::Project project = app::open_project(context);
  const project::Connection* connection = project.config.find_connection(options.id);
  if (connection == nullptr) throw project::unknown_connection(project.config, options.id);
  app::PythonNeeds needs = options.python;
  needs.features = app::features_of_drivers({connection->driver.value_or("")});
  app::PythonAccess python(context, std::move(needs));
  const database::ConnectionReport report =
      database::test_connection(*connection, context.environment, project.directory, python.source());
  context.terminal.out(options.json ? connection_test_json(options.id, connection->readonly, report)
                                    : connection_test_text(options.id, report));
  if (!connection->readonly) {
    context.note("The connection " + options.id + " is not marked as read-only; queries need connections." +
                 options.id + ".readonly: true in ktx.yaml");
  }
  return 0;
}

}  // namespace

void setup_connection_test(CLI::App& parent, Context& context) {
  const auto options = std::make_shared<ConnectionTestOptions>();
  CLI::App& command = *parent.add_subcommand("test", "Connect to a database and say what is there");
  command.add_option("id", options->id, "The connection")->required();
  command.add_flag("--json", options->json, "Write one JSON object");
  add_python_options(command, options->python);
  add_examples(command, {{"ktx connection test warehouse", "Connect, and count its tables"}});
  command.callback([options, &context] {
    app::check_connection_id(options->id);
    check_install_policy(options->python.install);
    context.command = [options, &context] { return run_connection_test(context, *options); };
  });
}

}  // namespace ktx::cli
