#include "commands/connection_add.hpp"

#include <memory>
#include <string>
#include <vector>

#include "commands/usage_error.hpp"
#include "commands/whole_number.hpp"
#include "examples.hpp"
#include "ktx/project/config_edit.hpp"
#include "ktx/project/config_file.hpp"
#include "ktx/util/error.hpp"
#include "new_connection.hpp"
#include "open_project.hpp"

namespace ktx::cli {
namespace {

// NOLINTNEXTLINE(bugprone-exception-escape): the move of a Json only asserts
struct ConnectionAddOptions {
  NewConnection connection;
  Json mapping;
  bool force = false;
  bool allow_literal_credentials = false;
};

std::string where_to_keep(const std::string& key) {
  if (key == "url") {
    return "Put the address into a variable and write --url env:NAME (or file:/path), or "
           "leave the password out of it and add --password-env NAME";
  }
  return "Put it into a variable or a file, and write " + key + "=env:NAME or " + key + "=file:/path";
}

/// A credential in plain text is refused, or warned of when it is allowed.
void check_credentials(const Context& context, const ConnectionAddOptions& options) {
  for (const std::string& key : literal_credentials(options.mapping)) {
    const std::string setting = "connections." + options.connection.id + "." + key;
    if (!options.allow_literal_credentials) {
      throw Error(ErrorKind::connection, setting + " holds a credential in plain text", where_to_keep(key));
    }
    context.terminal.err("Warning: " + setting +
                         " holds a credential in plain text; whoever reads ktx.yaml has it\n");
  }
}

int run_connection_add(const Context& context, const ConnectionAddOptions& options) {
  const std::string& id = options.connection.id;
  const project::Project project = open_project(context);
  check_credentials(context, options);
  bool replaced = false;
  project::edit_config_file(project.directory, [&](const std::string& text) {
    // Asked of the text that is edited: another process may have added the same.
    replaced = project::parse_config(text, "ktx.yaml").find_connection(id) != nullptr;
    if (replaced && !options.force) {
      throw Error(ErrorKind::connection, "There is a connection " + id + " in ktx.yaml already",
                  "Choose another id, or replace it with --force");
    }
    return project::set_config_value(text, "ktx.yaml", {"connections", id}, options.mapping);
  });
  context.terminal.out(replaced ? "Replaced the connection " + id + " in ktx.yaml\n"
                                : "Added the connection " + id + " to ktx.yaml\n");
  context.note("Try it: ktx connection test " + id + "\n");
  return 0;
}

void add_place_options(CLI::App& command, NewConnection& connection) {
  command.add_option("--url", connection.url, "The address, best as a reference: env:NAME or file:/path");
  command.add_option("--path", connection.path, "The file of a SQLite or DuckDB database");
  command.add_option("--host", connection.host, "The server");
  command.add_option("--port", connection.port, "Its port")->transform(whole_number(1, 65535));
  command.add_option("--database", connection.database, "The database on that server");
  command.add_option("--user", connection.user, "Who connects");
  command.add_option("--password-env", connection.password_env, "The variable that holds the password");
  command.add_option("--password-file", connection.password_file, "The file that holds the password");
  command.add_option("--schema", connection.schemas, "A schema to look into; repeatable")
      ->allow_extra_args(false)
      ->type_name("TEXT");
  command
      .add_option("--set", connection.settings, "Another setting of the driver, as account=xy123; repeatable")
      ->allow_extra_args(false)
      ->type_name("KEY=VALUE");
}

}  // namespace

void setup_connection_add(CLI::App& parent, Context& context) {
  const auto options = std::make_shared<ConnectionAddOptions>();
  CLI::App& command = *parent.add_subcommand("add", "Write a new connection into ktx.yaml");
  command.add_option("driver", options->connection.driver, "postgres, mysql, sqlite, duckdb, snowflake, …")
      ->required();
  command.add_option("id", options->connection.id, "What to call it: letters, digits, _ and -")->required();
  add_place_options(command, options->connection);
  command.add_flag("--readonly,!--no-readonly", options->connection.readonly,
                   "Mark it as read-only (default); only such a connection is queried");
  command.add_flag("--force", options->force, "Replace a connection of that id");
  command.add_flag("--allow-literal-credentials", options->allow_literal_credentials,
                   "Write a credential into ktx.yaml in plain text, with a warning");
  add_examples(command,
               {{"ktx connection add postgres reports --url env:REPORTS_URL", "The address is in a variable"},
                {"ktx connection add sqlite shop --path shop.db", "A database in a file"}});
  command.callback([options, &context] {
    check_connection_id(options->connection.id);
    options->mapping = connection_mapping(options->connection);
    context.command = [options, &context] { return run_connection_add(context, *options); };
  });
}

}  // namespace ktx::cli
