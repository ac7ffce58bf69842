#include "connection_add.hpp"

#include <charconv>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ktx/app/new_connection.hpp"
#include "ktx/app/project_access.hpp"
#include "ktx/app/usage_error.hpp"
#include "ktx/project/config.hpp"
#include "ktx/project/config_edit.hpp"
#include "ktx/util/error.hpp"
#include "options.hpp"

namespace ktx::cli {
namespace {

// NOLINTNEXTLINE(bugprone-exception-escape): the move of a Json only asserts
struct ConnectionAddOptions {
  app::NewConnection connection;
  std::optional<std::string> password_env;   ///< the name of a variable
  std::optional<std::string> password_file;  ///< the path of a file
  std::vector<std::string> settings;         ///< "key=value"
  Json mapping;
  bool force = false;
  bool allow_literal_credentials = false;
};

// true, false and whole numbers are taken as such, anything else as text.
Json setting_value(const std::string& text) {
  if (text == "true" || text == "false") return text == "true";
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  // Only if it prints the same: 007 may be an account number.
  const bool whole = read.ec == std::errc() && read.ptr == end && std::to_string(number) == text;
  return whole ? Json(number) : Json(text);
}

std::pair<std::string, Json> read_setting(const std::string& setting) {
  const auto equals = setting.find('=');
  if (equals == std::string::npos || equals == 0) {
    // The text may be a secret, so it is not repeated.
    throw app::usage_error("--set takes key=value");
  }
  return {setting.substr(0, equals), setting_value(setting.substr(equals + 1))};
}

// Reads the options into the connection and its mapping.
void read_connection(ConnectionAddOptions& options) {
  app::NewConnection& connection = options.connection;
  app::check_new_driver(connection.driver);
  if (options.password_env && options.password_file) {
    throw app::usage_error("Choose only one of --password-env and --password-file");
  }
  if (options.password_env) connection.password = "env:" + *options.password_env;
  if (options.password_file) connection.password = "file:" + *options.password_file;
  for (const std::string& setting : options.settings) connection.settings.push_back(read_setting(setting));
  const app::MissingPlace missing = app::missing_place(connection);
  if (missing == app::MissingPlace::file) {
    throw app::usage_error("A connection to " + connection.driver + " needs --path (or --url)");
  }
  if (missing == app::MissingPlace::server) {
    throw app::usage_error(
        "Say where the database is: --url env:NAME, or --host, --database, --user and so on");
  }
  options.mapping = app::connection_mapping(connection);
}

std::string where_to_keep(const std::string& key) {
  if (key == "url") {
    return "Put the address into a variable and write --url env:NAME (or file:/path), or "
           "leave the password out of it and add --password-env NAME";
  }
  return "Put it into a variable or a file, and write " + key + "=env:NAME or " + key + "=file:/path";
}

// Refuses a credential in plain text, or warns of it if it is allowed.
void check_credentials(const Context& context, const ConnectionAddOptions& options) {
  for (const std::string& key : app::literal_credentials(options.mapping)) {
    const std::string setting = "connections." + options.connection.id + "." + key;
    if (!options.allow_literal_credentials) {
      throw Error(ErrorKind::connection, setting + " holds a credential in plain text", where_to_keep(key));
    }
    // Not a note: --quiet must not hide it.
    context.terminal.err("Warning: " + setting +
                         " holds a credential in plain text; whoever reads ktx.yaml has it\n");
  }
}

int run_connection_add(const Context& context, const ConnectionAddOptions& options) {
  const std::string& id = options.connection.id;
  const project::Project project = app::open_project(context);
  check_credentials(context, options);
  bool replaced = false;
  project::edit_config_file(project.directory, [&](const std::string& text) {
    // Looked up in the text that is edited: another process may have added the same connection meanwhile.
    replaced = project::parse_config(text, "ktx.yaml").find_connection(id) != nullptr;
    if (replaced && !options.force) {
      throw Error(ErrorKind::connection, "There is a connection " + id + " in ktx.yaml already",
                  "Choose another id, or replace it with --force");
    }
    return project::set_config_value(text, "ktx.yaml", {"connections", id}, options.mapping);
  });
  context.terminal.out(replaced ? "Replaced the connection " + id + " in ktx.yaml\n"
                                : "Added the connection " + id + " to ktx.yaml\n");
  context.note("Try it: ktx connection test " + id);
  return 0;
}

void add_place_options(CLI::App& command, ConnectionAddOptions& options) {
  app::NewConnection& connection = options.connection;
  command.add_option("--url", connection.url, "The address, best as a reference: env:NAME or file:/path");
  command.add_option("--path", connection.path, "The file of a SQLite or DuckDB database");
  command.add_option("--host", connection.host, "The server");
  command.add_option("--port", connection.port, "Its port")->transform(whole_number(1, 65535));
  command.add_option("--database", connection.database, "The database on that server");
  command.add_option("--user", connection.user, "Who connects");
  command.add_option("--password-env", options.password_env, "The variable that holds the password");
  command.add_option("--password-file", options.password_file, "The file that holds the password");
  command.add_option("--schema", connection.schemas, "A schema to look into; repeatable")
      ->allow_extra_args(false)
      ->type_name("TEXT");
  command
      .add_option("--set", options.settings, "Another setting of the driver, as account=xy123; repeatable")
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
  add_place_options(command, *options);
  command.add_flag("--readonly,!--no-readonly", options->connection.readonly,
                   "Mark it as read-only (default); only such a connection is queried");
  command.add_flag("--force", options->force, "Replace a connection of that id");
  command.add_flag("--allow-literal-credentials", options->allow_literal_credentials,
                   "Write a credential into ktx.yaml in plain text, with a warning");
  add_examples(command,
               {{"ktx connection add postgres reports --url env:REPORTS_URL", "The address is in a variable"},
                {"ktx connection add sqlite shop --path shop.db", "A database in a file"}});
  command.callback([options, &context] {
    app::check_connection_id(options->connection.id);
    read_connection(*options);
    context.command = [options, &context] { return run_connection_add(context, *options); };
  });
}

}  // namespace ktx::cli
