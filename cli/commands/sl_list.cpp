#include "sl_list.hpp"

#include <memory>
#include <vector>

#include "examples.hpp"
#include "ktx/app/project_access.hpp"
#include "ktx/output/list_view.hpp"
#include "ktx/project/source_tree.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/spans.hpp"

namespace ktx::cli {
int run_sl_list(const Context& context, const SlListOptions& options, OutputMode mode) {
  const project::Project project = app::open_project(context);
  std::vector<SourceListItem> items;
  bool sound = true;
  for (const std::string& id : app::connections_meant(project, options.connection_id)) {
    const project::SourceTree tree = project::load_source_tree(project.directory, id);
    sound = app::report_findings(context, tree.findings) && sound;
    for (const project::Source& source : tree.sources) items.push_back(list_item(tree, source, id));
  }
  const ScopedSpan span("render");
  write_list(context, mode, render_source_list(items, mode));
  return sound ? 0 : exit_code(ErrorKind::model);
}

void setup_sl_list(CLI::App& parent, Context& context) {
  const auto options = std::make_shared<SlListOptions>();
  CLI::App& command = *parent.add_subcommand("list", "List the sources of the semantic layer");
  command.add_option("--connection-id", options->connection_id, "Only the sources of this connection")
      ->type_name("ID");
  add_list_output_options(command, options->output);
  add_examples(command,
               {{"ktx sl list", "Show the sources of all connections"},
                {"ktx sl list --connection-id warehouse --json", "Those of one connection, as JSON"}});
  command.callback([options, &context] {
    if (options->connection_id) app::check_connection_id(*options->connection_id);
    const OutputMode mode = output_mode_of(options->output, context);
    context.command = [options, &context, mode] { return run_sl_list(context, *options, mode); };
  });
}

}  // namespace ktx::cli
