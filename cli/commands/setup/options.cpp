#include "setup/options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <string_view>

#include "ktx/app/agent_files.hpp"
#include "ktx/app/new_connection.hpp"
#include "ktx/app/usage_error.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/text.hpp"

namespace ktx::cli {
namespace {

// Options of `ktx ingest` in the TypeScript ktx, with and without a value. They are accepted, so that the
// refusal can name them and say what to do.
constexpr std::array<std::string_view, 22> later_options = {"--source",
                                                            "--source-connection-id",
                                                            "--source-path",
                                                            "--source-git-url",
                                                            "--source-branch",
                                                            "--source-subpath",
                                                            "--source-auth-token-ref",
                                                            "--source-url",
                                                            "--source-api-key-ref",
                                                            "--source-client-id",
                                                            "--source-client-secret-ref",
                                                            "--source-warehouse-connection-id",
                                                            "--source-project-name",
                                                            "--source-profiles-path",
                                                            "--source-target",
                                                            "--metabase-database-id",
                                                            "--notion-crawl-mode",
                                                            "--notion-root-page-id",
                                                            "--historic-sql-window-days",
                                                            "--historic-sql-min-calls",
                                                            "--historic-sql-service-account-pattern",
                                                            "--historic-sql-redaction-pattern"};
constexpr std::array<std::string_view, 2> later_flags = {"--enable-historic-sql",
                                                         "--skip-initial-source-ingest"};
// Flags that switch off what this version does not have: accepted and ignored.
constexpr std::array<std::string_view, 2> needless_flags = {"--disable-historic-sql", "--skip-sources"};

constexpr const char* hidden = "";

using Options = std::shared_ptr<SetupOptions>;

void add_project_options(CLI::App& command, SetupOptions& options) {
  command.add_flag("--new", options.make_new, "Make a new project");
  command.add_flag("--existing", options.existing, "Go on with the project that is there");
}

void add_database_options(CLI::App& command, SetupOptions& options) {
  command.add_option("--database", options.drivers, "The driver of a new connection")
      ->check(CLI::IsMember(offered_driver_names(), CLI::ignore_case))
      ->allow_extra_args(false);
  command
      .add_option("--database-connection-id", options.connection_ids,
                  "A connection of ktx.yaml to use; may be given more than once")
      ->allow_extra_args(false);
  command.add_option("--new-database-connection-id", options.new_connection_id,
                     "The id of the new connection (default: warehouse)");
  command.add_option("--database-url", options.url,
                     "Its address without a password, env:NAME or file:/path for one with, or its file");
  command.add_option("--database-schema", options.schemas, "A schema to read; may be given more than once")
      ->allow_extra_args(false);
  command.add_flag("--skip-databases", options.skip_databases, "Leave the databases for later");
}

void add_model_options(CLI::App& command, SetupOptions& options) {
  command
      .add_option("--embedding-backend", options.embedding_backend,
                  "What searches by meaning: onnx, sentence-transformers, openai or none")
      ->check(CLI::IsMember({"onnx", "sentence-transformers", "openai", "none"}));
  command.add_option("--embedding-api-key-env", options.embedding_key_variable,
                     "The variable that has the key for embeddings");
  command.add_option("--embedding-api-key-file", options.embedding_key_file, "The file that has it");
  command.add_flag("--skip-embeddings", options.skip_embeddings, "Leave the embeddings for later");
  command.add_option("--anthropic-api-key-env", options.llm_key_variable,
                     "The variable that has the key for the language model");
  command.add_option("--anthropic-api-key-file", options.llm_key_file, "The file that has it");
  command.add_option("--anthropic-model", options.llm_model, "The language model");
  command.add_flag("--skip-llm", options.skip_llm, "Leave the language model for later");
}

// Where and how to write files for agents, as typed.
struct AgentArguments {
  std::string scope = "project";
  bool project = false;
  bool global = false;
  std::string mode = "cli";
};

void add_agent_options(CLI::App& command, const Options& options) {
  const auto arguments = std::make_shared<AgentArguments>();
  command.add_flag("--agents", options->agents, "Only write the files that tell agents about ktx");
  command.add_option("--target", options->targets, "The agent to tell; may be given more than once")
      ->check(CLI::IsMember(app::agent_target_names()))
      ->allow_extra_args(false);
  command
      .add_option("--agent-scope", arguments->scope,
                  "project (default), or global for all of this user's projects")
      ->check(CLI::IsMember({"project", "global"}));
  command.add_flag("--project", arguments->project, "The same as --agent-scope project");
  command.add_flag("--global", arguments->global, "The same as --agent-scope global");
  command
      .add_option("--agent-install-mode", arguments->mode,
                  "cli (default): how to use ktx; mcp: an entry that starts it; or both")
      ->check(CLI::IsMember({"cli", "mcp", "both"}));
  command.add_flag("--skip-agents", options->skip_agents, "Leave the files for agents for later");
  command.parse_complete_callback([options, arguments] {
    if (arguments->project && (arguments->global || arguments->scope == "global")) {
      throw app::usage_error("Choose only one of --project and --global");
    }
    options->global_scope = arguments->global || arguments->scope == "global";
    options->agent_instructions = arguments->mode != "mcp";
    options->agent_entries = arguments->mode != "cli";
  });
}

void add_later_options(CLI::App& command, const Options& options) {
  const auto note = [options](std::string_view name) { options->unsupported.emplace_back(name); };
  for (const std::string_view name : later_options) {
    command
        .add_option_function<std::string>(
            std::string(name), [note, name](const std::string&) { note(name); }, "")
        ->group(hidden);
  }
  for (const std::string_view name : later_flags) {
    command
        .add_flag_callback(
            std::string(name), [note, name] { note(name); }, "")
        ->group(hidden);
  }
  for (const std::string_view name : needless_flags) command.add_flag(std::string(name))->group(hidden);
}

void check_database_options(const SetupOptions& options) {
  if (options.drivers.size() > 1) throw app::usage_error("Add one --database at a time");
  const bool adds = !options.drivers.empty();
  if (!adds && options.new_connection_id)
    throw app::usage_error("--new-database-connection-id needs --database");
  if (!adds && options.url) throw app::usage_error("--database-url needs --database");
  if (adds && !options.url) throw app::usage_error("--database needs --database-url");
  if (!options.schemas.empty() && !adds && options.connection_ids.size() != 1) {
    throw app::usage_error("--database-schema needs --database or one --database-connection-id");
  }
  if (options.skip_databases && (adds || !options.connection_ids.empty())) {
    throw app::usage_error("Choose only one of --skip-databases and --database");
  }
  if (options.new_connection_id) app::check_connection_id(*options.new_connection_id);
  for (const std::string& id : options.connection_ids) app::check_connection_id(id);
  if (options.url && app::has_password(*options.url)) {
    throw app::usage_error(
        "--database-url has a password in it: keep the address in a variable or a file, and write "
        "env:NAME or file:/path");
  }
}

void check_key(const std::optional<std::string>& variable, const std::optional<std::string>& file,
               const std::string& what) {
  if (variable && file) throw app::usage_error("Choose only one of " + what + "-env and " + what + "-file");
  // A key typed in place of the name of its variable must not end up in ktx.yaml.
  if (variable && !app::is_secret_reference("env:" + *variable)) {
    throw app::usage_error(what + "-env takes the name of a variable, not the key itself");
  }
}

}  // namespace

std::shared_ptr<SetupOptions> add_setup_options(CLI::App& command) {
  auto options = std::make_shared<SetupOptions>();
  add_project_options(command, *options);
  add_database_options(command, *options);
  add_model_options(command, *options);
  add_agent_options(command, options);
  command.add_flag("--yes", options->policy.yes, "Ask nothing, and install what is needed");
  command.add_flag("--no-input", options->policy.no_input, "Ask nothing, and install nothing");
  add_later_options(command, options);
  return options;
}

void check_setup_options(const SetupOptions& options) {
  if (options.make_new && options.existing) throw app::usage_error("Choose only one of --new and --existing");
  if (options.policy.yes && options.policy.no_input) {
    throw app::usage_error("Choose only one runtime install mode: --yes or --no-input");
  }
  check_database_options(options);
  check_key(options.embedding_key_variable, options.embedding_key_file, "--embedding-api-key");
  check_key(options.llm_key_variable, options.llm_key_file, "--anthropic-api-key");
  // Local backends need no key, and openai cannot do without one.
  const bool has_key = options.embedding_key_variable || options.embedding_key_file;
  if (has_key != (options.embedding_backend == "openai")) {
    throw app::usage_error("--embedding-backend openai and --embedding-api-key-env or -file belong together");
  }
  if (options.skip_embeddings && options.embedding_backend) {
    throw app::usage_error("Choose only one of --skip-embeddings and --embedding-backend");
  }
  if (options.skip_agents && (options.agents || !options.targets.empty())) {
    throw app::usage_error("Choose only one of --skip-agents and --target");
  }
}

void refuse_later_options(const SetupOptions& options) {
  if (options.unsupported.empty()) return;
  const std::string& name = options.unsupported.front();
  throw Error(
      ErrorKind::unsupported, name + " is not supported in this version of ktx",
      "Leave out " + name +
          "; ktx setup makes the project, its connection, its first sources and the files for agents");
}

std::vector<const semantic::Driver*> offered_drivers() {
  std::vector<const semantic::Driver*> offered;
  for (const semantic::Driver& driver : semantic::drivers()) {
    // Setup has no questions for the others; `ktx connection add` takes them.
    if (!driver.settings.empty()) offered.push_back(&driver);
  }
  // Files first: they need no server. The rest keeps the order of the table.
  std::ranges::stable_partition(offered, &semantic::Driver::is_file);
  return offered;
}

const semantic::Driver* find_offered(std::string_view name) {
  const semantic::Driver* driver = semantic::find_driver(name);
  const bool is_offered =
      driver != nullptr && !driver->settings.empty() && driver->name == lower_case(std::string(name));
  return is_offered ? driver : nullptr;
}

std::vector<std::string> offered_driver_names() {
  std::vector<std::string> names;
  for (const semantic::Driver* driver : offered_drivers()) names.emplace_back(driver->name);
  return names;
}

}  // namespace ktx::cli
