#include "sl_write.hpp"

#include <memory>

#include "examples.hpp"
#include "ktx/app/project_access.hpp"
#include "ktx/app/usage_error.hpp"
#include "ktx/project/source_file.hpp"
#include "ktx/util/error.hpp"

namespace ktx::cli {

int run_sl_write(const Context& context, const SlWriteOptions& options) {
  const project::Project project = app::open_project(context);
  app::connections_meant(project, options.connection_id);  // throws unless ktx.yaml or a folder knows it
  const std::string text = read_text_argument(options.yaml, context);
  const project::SourceTextCheck check =
      project::check_source_text(project.directory, options.connection_id, options.name, text);
  app::report_findings(context, check.faults);
  if (!check.faults.empty()) {
    context.terminal.err("Nothing was written\n");
    return exit_code(ErrorKind::model);
  }
  project::write_source_text(project.directory, options.connection_id, options.name, text);
  const std::string path = project::source_path(options.connection_id, options.name);
  context.terminal.out("Wrote " + path + "\n");
  app::report_findings(context, check.remarks);
  app::commit_files(context, project, {path},
                    "Write semantic-layer source: " + options.connection_id + "/" + options.name);
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

}  // namespace ktx::cli
