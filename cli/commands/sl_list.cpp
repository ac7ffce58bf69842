#include "commands/sl_list.hpp"

#include <memory>
#include <vector>

#include "commands/usage_error.hpp"
#include "ktx/project/source_tree.hpp"
#include "ktx/util/error.hpp"
#include "open_project.hpp"
#include "output/source_list_view.hpp"

namespace ktx::cli {
namespace {

void append_items(const project::SourceTree& tree, const std::string& connection_id,
                  std::vector<SourceListItem>& items) {
  for (const project::Source& source : tree.sources) {
    items.push_back({connection_id, source.name, tree.files[source.mark.file], source.description(),
                     source.count("columns"), source.count("measures"), source.count("joins")});
  }
}

OutputMode parse_mode(const SlListOptions& options, const Context& context) {
  try {
    return choose_output_mode(options.json, options.output, context.environment,
                              context.terminal.out_is_terminal());
  } catch (const Error& error) {
    throw usage_error(error.message());
  }
}

}  // namespace

int run_sl_list(const Context& context, const SlListOptions& options, OutputMode mode) {
  const project::Project project = open_project(context);
  std::vector<SourceListItem> items;
  bool sound = true;
  for (const std::string& id : connections_meant(project, options.connection_id)) {
    const project::SourceTree tree = project::load_source_tree(project.directory, id);
    sound = report_findings(context.terminal, tree.findings) && sound;
    append_items(tree, id, items);
  }
  context.terminal.out(render_source_list(items, mode));
  return sound ? 0 : exit_code(ErrorKind::model);
}

void setup_sl_list(CLI::App& parent, Context& context) {
  const auto options = std::make_shared<SlListOptions>();
  CLI::App& command = *parent.add_subcommand("list", "List the sources of the semantic layer");
  command.add_option("--connection-id", options->connection_id, "Only the sources of this connection");
  command.add_option("--output", options->output,
                     "pretty, plain or json (default: KTX_OUTPUT, then plain under CI, then pretty on a "
                     "terminal)");
  command.add_flag("--json", options->json, "The same as --output json");
  command.callback([options, &context] {
    if (options->connection_id) check_connection_id(*options->connection_id);
    const OutputMode mode = parse_mode(*options, context);
    context.command = [options, &context, mode] { return run_sl_list(context, *options, mode); };
  });
}

}  // namespace ktx::cli
