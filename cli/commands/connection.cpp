#include "connection.hpp"

#include <CLI/App.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "connection_add.hpp"
#include "context.hpp"
#include "ktx/app/project_access.hpp"
#include "ktx/app/python_access.hpp"
#include "ktx/app/runtime_session.hpp"
#include "ktx/database/connection_settings.hpp"
#include "ktx/database/open_executor.hpp"
#include "ktx/output/connection_view.hpp"
#include "ktx/project/config.hpp"
#include "ktx/project/config_edit.hpp"
#include "ktx/project/source_tree.hpp"
#include "ktx/terminal/prompts.hpp"
#include "ktx/util/error.hpp"
#include "options.hpp"

namespace ktx::cli {
namespace {

int run_connection_list(const Context& context, OutputMode mode) {
  const project::Project project = app::open_project(context);
  std::vector<ConnectionListItem> items;
  for (const project::Connection& connection : project.config.connections) {
    items.push_back({connection.id, connection.driver.value_or(""), database::connection_location(connection),
                     connection.readonly});
  }
  // Not `write_list`: its lines are a table, and would not line up if they were broken.
  context.terminal.out(render_connection_list(items, mode));
  return 0;
}

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

struct ConnectionRemoveOptions {
  std::string id;
  bool force = false;  ///< --force or --yes
  bool no_input = false;
};

constexpr const char* removed_from = "ktx.yaml";

// Whether the user agrees to the removal. Throws if nobody can be asked.
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

// The text of ktx.yaml without the connection, and without the note that setup made of it.
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
  // Nothing is loaded yet: a database that needs no Python is tested without it.
  app::PythonAccess python(context, std::move(needs));
  const database::ConnectionReport report =
      database::test_connection(*connection, context.environment, project.directory, python.source());
  context.terminal.out(options.json ? connection_test_json(options.id, connection->readonly, report)
                                    : connection_test_text(options.id, report));
  // The test itself only reads, so it works for such a connection too.
  if (!connection->readonly) {
    context.note("The connection " + options.id + " is not marked as read-only; queries need connections." +
                 options.id + ".readonly: true in ktx.yaml");
  }
  return 0;
}

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

}  // namespace

void setup_connection(CLI::App& parent, Context& context) {
  CLI::App& group =
      *parent.add_subcommand("connection", "List, test, add and remove databases of the project");
  group.require_subcommand(0, 1);
  group.fallthrough();
  setup_connection_list(group, context);
  setup_connection_test(group, context);
  setup_connection_add(group, context);
  setup_connection_remove(group, context);
  add_examples(group, {{"ktx connection list", "Show the connections of ktx.yaml"},
                       {"ktx connection test warehouse", "Connect, and say what is there"}});
}

}  // namespace ktx::cli
