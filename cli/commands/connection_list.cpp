#include "connection_list.hpp"

#include <memory>
#include <vector>

#include "examples.hpp"
#include "ktx/app/project_access.hpp"
#include "ktx/database/connection_settings.hpp"
#include "ktx/output/connection_view.hpp"
#include "list_output.hpp"

namespace ktx::cli {
namespace {

int run_connection_list(const Context& context, OutputMode mode) {
  const project::Project project = app::open_project(context);
  std::vector<ConnectionListItem> items;
  for (const project::Connection& connection : project.config.connections) {
    items.push_back({connection.id, connection.driver.value_or(""), database::connection_location(connection),
                     connection.readonly});
  }
  context.terminal.out(render_connection_list(items, mode));
  return 0;
}

}  // namespace

void setup_connection_list(CLI::App& parent, Context& context) {
  const auto output = std::make_shared<ListOutputOptions>();
  CLI::App& command =
      *parent.add_subcommand("list", "List the connections of ktx.yaml, without their secrets");
  add_list_output_options(command, *output);
  add_examples(command, {{"ktx connection list", "Show ids, drivers and where they lead"},
                         {"ktx connection list --json", "The same, for a program"}});
  command.callback([output, &context] {
    const OutputMode mode = output_mode_of(*output, context);
    context.command = [&context, mode] { return run_connection_list(context, mode); };
  });
}

}  // namespace ktx::cli
