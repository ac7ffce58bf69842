#include "connection_remove.hpp"

#include <memory>
#include <string>

#include "examples.hpp"
#include "ktx/app/project_access.hpp"
#include "ktx/project/config.hpp"
#include "ktx/project/config_edit.hpp"
#include "ktx/project/source_tree.hpp"
#include "ktx/terminal/prompter.hpp"
#include "ktx/util/error.hpp"

namespace ktx::cli {
namespace {

struct ConnectionRemoveOptions {
  std::string id;
  bool force = false;  ///< --yes too
  bool no_input = false;
};

constexpr const char* removed_from = "ktx.yaml";

/// Whether the removal is agreed to; throws when nobody can be asked.
bool is_agreed(const Context& context, const ConnectionRemoveOptions& options) {
  if (options.force) return true;
  if (options.no_input || !context.can_confirm()) {
    throw Error(ErrorKind::usage, "The connection " + options.id + " is not removed without being asked for",
                "Run: ktx connection remove " + options.id + " --yes");
  }
  const auto answer =
      make_prompter(context.terminal, context.environment)
          ->yes_or_no({.title = "Remove the connection " + options.id + " from ktx.yaml?", .initial = false});
  return answer.value_or(false);
}

/// The text of ktx.yaml without the connection, also where setup has noted it.
std::string without_connection(const std::string& text, const std::string& id) {
  std::string shorter = project::remove_config_value(text, removed_from, {"connections", id});
  auto noted = project::parse_config(shorter, removed_from).setup.database_connection_ids;
  if (std::erase(noted, id) == 0) return shorter;
  return project::set_config_value(shorter, removed_from, {"setup", "database_connection_ids"}, noted);
}

int run_connection_remove(const Context& context, const ConnectionRemoveOptions& options) {
  const project::Project project = app::open_project(context);
  if (project.config.find_connection(options.id) == nullptr) {
    throw project::unknown_connection(project.config, options.id);
  }
  if (!is_agreed(context, options)) {
    context.terminal.err("Nothing was removed\n");
    return 1;
  }
  project::edit_config_file(project.directory,
                            [&](const std::string& text) { return without_connection(text, options.id); });
  context.terminal.out("Removed the connection " + options.id + " from ktx.yaml\n");
  if (project::has_source_directory(project.directory, options.id)) {
    context.terminal.out("semantic-layer/" + options.id + " stays\n");
  }
  return 0;
}

}  // namespace

void setup_connection_remove(CLI::App& parent, Context& context) {
  const auto options = std::make_shared<ConnectionRemoveOptions>();
  CLI::App& command = *parent.add_subcommand("remove", "Remove a connection from ktx.yaml; its sources stay");
  command.add_option("id", options->id, "The connection")->required();
  command.add_flag("--yes,--force", options->force, "Do not ask");
  command.add_flag("--no-input", options->no_input, "Never ask; without --yes nothing is removed");
  add_examples(command, {{"ktx connection remove warehouse --yes", "Remove without being asked"}});
  command.callback([options, &context] {
    app::check_connection_id(options->id);
    context.command = [options, &context] { return run_connection_remove(context, *options); };
  });
}

}  // namespace ktx::cli
