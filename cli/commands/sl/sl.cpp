#include "sl/sl.hpp"

#include <CLI/App.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "context.hpp"
#include "ktx/app/project_access.hpp"
#include "ktx/app/source_texts.hpp"
#include "ktx/app/usage_error.hpp"
#include "ktx/output/list_view.hpp"
#include "ktx/project/json_schema.hpp"
#include "ktx/project/source_file.hpp"
#include "ktx/project/source_tree.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/json.hpp"
#include "ktx/util/spans.hpp"
#include "options.hpp"
#include "sl/sl_conformance.hpp"
#include "sl/sl_query.hpp"
#include "sl/sl_search.hpp"
#include "sl/sl_validate.hpp"
#include "sl/sl_verify.hpp"

namespace ktx::cli {
namespace {

struct SlListOptions {
  std::optional<std::string> connection_id;
  ListOutputOptions output;
};

// Lists the sources of one connection or all. If some cannot be read, that is reported on stderr, the others
// are listed, and the exit code is 1.
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

// Writes the file of a source to stdout, or, if it has none of its own, the composed source as YAML.
int run_sl_read(const Context& context, const app::SourceTextRequest& options) {
  const project::Project project = app::open_project(context);
  context.terminal.out_bytes(app::find_source_text(project, options).text);
  return 0;
}

void setup_sl_read(CLI::App& parent, Context& context) {
  const auto options = std::make_shared<app::SourceTextRequest>();
  CLI::App& command = *parent.add_subcommand("read", "Print the YAML of a source");
  command.add_option("source", options->name, "The source's name")->required();
  command
      .add_option("--connection-id", options->connection_id,
                  "The source's connection; needed when several have a source of this name")
      ->type_name("ID");
  command.add_flag("--composed", options->composed,
                   "Print the source as it is asked, manifest and overlays together, not its file");
  add_examples(command,
               {{"ktx sl read orders", "Print the file of a source"},
                {"ktx sl read orders --composed", "Print it with its overlays and its manifest entry"}});
  command.callback([options, &context] {
    if (options->connection_id) app::check_connection_id(*options->connection_id);
    context.command = [options, &context] { return run_sl_read(context, *options); };
  });
}

// Registers `ktx sl schema`, which prints the JSON Schema of one kind of file. Needs neither a project nor
// Python.
void setup_sl_schema(CLI::App& parent, Context& context) {
  using project::FileKind;
  static const std::map<std::string, FileKind> kinds = {{"source", FileKind::source},
                                                        {"overlay", FileKind::overlay},
                                                        {"manifest", FileKind::manifest},
                                                        {"metrics", FileKind::metrics},
                                                        {"project", FileKind::project}};
  const auto kind = std::make_shared<std::string>("source");
  CLI::App& command =
      *parent.add_subcommand("schema", "Print the JSON Schema of the project's files, for editors");
  command
      .add_option("file", *kind,
                  "source, overlay (a file without table or sql), manifest (_schema/*.yaml), metrics "
                  "(_metrics/*.yaml) or project (ktx.yaml); default: source")
      ->check(CLI::IsMember({"source", "overlay", "manifest", "metrics", "project"}));
  add_examples(command, {{"ktx sl schema > source.schema.json", "Keep the schema of a source, for an editor"},
                         {"ktx sl schema project", "Print the schema of ktx.yaml"}});
  command.callback([kind, &context] {
    context.command = [kind, &context] {
      context.terminal.out(pretty_json(project::json_schema(kinds.at(*kind))));
      return 0;
    };
  });
}

struct SlWriteOptions {
  std::string name;
  std::string connection_id;
  TextArgument yaml;
};

// Checks the text of a source, writes its file and commits it. If there are faults, all of them go to stderr
// and nothing is written.
int run_sl_write(const Context& context, const SlWriteOptions& options) {
  const project::Project project = app::open_project(context);
  app::connections_meant(project, options.connection_id);  // throws unless the connection is known
  const std::string text = read_text_argument(options.yaml, context);
  const app::SourceWriting writing = app::write_source(project, options.connection_id, options.name, text);
  app::report_findings(context, writing.check.faults);
  if (!writing.check.faults.empty()) {
    context.terminal.err("Nothing was written\n");
    return exit_code(ErrorKind::model);
  }
  context.terminal.out("Wrote " + writing.path + "\n");
  // Remarks do not keep the file from being written.
  app::report_findings(context, writing.check.remarks);
  app::commit_files(context, project, {writing.path}, writing.commit_message);
  return 0;
}

void setup_sl_write(CLI::App& parent, Context& context) {
  const auto options = std::make_shared<SlWriteOptions>();
  CLI::App& command =
      *parent.add_subcommand("write", "Check the YAML of a source, write its file and commit it");
  command.add_option("source", options->name, "The source's name, the same as in the YAML")->required();
  command.add_option("--connection-id", options->connection_id, "The source's connection")
      ->type_name("ID")
      ->required();
  add_text_argument(command, options->yaml, "--yaml", "The whole file");
  add_examples(command, {{"ktx sl write regions --connection-id warehouse --file regions.yaml",
                          "Check a file, put it in its place and commit it"},
                         {"ktx sl write regions --connection-id warehouse --yaml - < regions.yaml",
                          "The same, from stdin"}});
  command.callback([options, &context] {
    app::check_connection_id(options->connection_id);
    if (!project::is_source_name(options->name)) {
      throw app::usage_error("Unsafe semantic-layer source name: " + options->name);
    }
    check_text_argument(options->yaml, "--yaml");
    context.command = [options, &context] { return run_sl_write(context, *options); };
  });
}

}  // namespace

void setup_sl(CLI::App& parent, Context& context) {
  CLI::App& group =
      *parent.add_subcommand("sl", "List, search, read, write, check and query the semantic layer");
  group.require_subcommand(0, 1);
  group.fallthrough();  // the commands inherit it: `ktx sl query … --project-dir <dir>` is valid
  setup_sl_list(group, context);
  setup_sl_search(group, context);
  setup_sl_read(group, context);
  setup_sl_write(group, context);
  setup_sl_schema(group, context);
  setup_sl_validate(group, context);
  setup_sl_query(group, context);
  setup_sl_verify(group, context);
  setup_sl_conformance(group, context);
  add_examples(group, {{"ktx sl list", "Show the sources"},
                       {"ktx sl query --measure orders.revenue", "Compile a question to SQL"},
                       {"ktx sl validate", "Check the files"}});
}

}  // namespace ktx::cli
