#include "mcp.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "help/help_formatter.hpp"
#include "ktx/app/project_access.hpp"
#include "ktx/app/version.hpp"
#include "ktx/database/connection_settings.hpp"
#include "ktx/mcp/background.hpp"
#include "ktx/mcp/engine.hpp"
#include "ktx/mcp/http_server.hpp"
#include "ktx/mcp/server.hpp"
#include "ktx/mcp/stdio_server.hpp"
#include "ktx/mcp/tools.hpp"
#include "ktx/output/mcp_view.hpp"
#include "ktx/util/process.hpp"
#include "options.hpp"

namespace ktx::cli {
namespace {

constexpr std::int64_t usual_port = 7878;
constexpr std::int64_t highest_port = 65535;
constexpr std::int64_t usual_lines = 100;

struct McpOptions {
  bool allow_write = false;
  bool yes = false;
};

struct McpHttpOptions : McpOptions {
  std::string host = "127.0.0.1";
  std::int64_t port = usual_port;
  std::vector<std::string> allow_hosts;
  std::vector<std::string> allow_origins;
  std::string token;  // a reference; empty for the project's own
  bool json = false;
};

void add_server_options(CLI::App& command, McpOptions& options) {
  command.add_flag("--allow-write", options.allow_write,
                   "Let clients write sources and wiki pages; everything else only reads");
  command.add_flag("--yes", options.yes, "Install the Python runtime without asking when it is needed");
}

void add_http_options(CLI::App& command, McpHttpOptions& options) {
  command.add_option("--host", options.host, "The address to listen on")->capture_default_str();
  command.add_option("--port", options.port, "The port to listen on; 0: any free one")
      ->transform(whole_number(0, highest_port))
      ->capture_default_str();
  command
      .add_option("--allow-host", options.allow_hosts,
                  "A further name by which clients call the server; may be given more than once")
      ->type_name("NAME")
      ->allow_extra_args(false);
  command
      .add_option("--allow-origin", options.allow_origins,
                  "Web pages that may call the server, as https://chat.example; may be given more than once")
      ->type_name("ORIGIN")
      ->allow_extra_args(false);
  command
      .add_option("--token", options.token,
                  "Where the token of clients is: env:NAME or file:/path; else in .ktx/mcp/token")
      ->type_name("REFERENCE");
}

mcp::Settings server_settings(const Context& context, const McpOptions& options) {
  mcp::Settings settings;
  settings.environment = context.environment;
  settings.project_directory = context.project_directory;
  settings.no_cache = context.no_cache;
  settings.allow_write = options.allow_write;
  settings.may_install = options.yes;
  settings.loads_ahead = true;
  return settings;
}

// What serves until the process ends: threads that still run then use it.
struct Served {
  mcp::Engine engine;
  mcp::Server server;

  explicit Served(mcp::Settings settings) : engine(std::move(settings)), server(mcp::whole_offer(engine)) {
    use_one_heap();
  }
};

int run_stdio(const Context& context, const McpOptions& options) {
  auto& served = *new Served(server_settings(context, options));
  return mcp::serve_stdio(served.server, STDIN_FILENO, STDOUT_FILENO);
}

mcp::BackgroundFiles files_of(const Context& context) {
  return mcp::background_files(
      project::find_project_directory(context.project_directory, context.environment));
}

// The token, and into `where` where it is.
std::string client_token(const Context& context, const McpHttpOptions& options,
                         const mcp::BackgroundFiles& files, std::string& where) {
  where = options.token.empty() ? files.token.string() : options.token;
  if (options.token.empty()) return mcp::own_token(files);
  if (!database::is_reference(options.token)) {
    throw Error(ErrorKind::usage, "--token takes where the token is, not the token itself",
                "Give env:NAME or file:/path: what stands on a command line can be read by others");
  }
  const auto folder = files.folder.parent_path().parent_path();
  std::string token = project::resolve_secret(options.token, "--token", context.environment, folder);
  mcp::check_token(token, options.token);
  return token;
}

void warn_of_plain_http(const Context& context, const McpHttpOptions& options) {
  if (mcp::is_loopback(options.host)) return;
  context.warn("Other machines reach " + options.host +
               ", and what they send, the token too, is not encrypted; put a proxy with TLS in front of it");
}

int serve_over_http(const Context& context, const McpHttpOptions& options, const mcp::BackgroundFiles& files,
                    const std::function<void(mcp::BackgroundState)>& on_ready) {
  app::read_project(context);
  mcp::BackgroundState state;
  mcp::HttpSettings settings;
  settings.host = options.host;
  settings.port = static_cast<std::uint16_t>(options.port);
  settings.token = client_token(context, options, files, state.token);
  settings.allowed_hosts = options.allow_hosts;
  settings.allowed_origins = options.allow_origins;
  auto& served = *new Served(server_settings(context, options));
  mcp::HttpEvents events;
  events.on_ready = [&](const std::string& url) {
    state.url = url;
    state.process = own_identity();
    state.version = app::version;
    state.started_at = format_timestamp(context.environment.now());
    state.allow_write = options.allow_write;
    on_ready(state);
  };
  events.log = [](const std::string& line) { std::cerr << line + "\n"; };
  return mcp::serve_http(served.server, settings, events);
}

int run_http(const Context& context, const McpHttpOptions& options, bool in_background) {
  const mcp::BackgroundFiles files = files_of(context);
  if (in_background) {
    return mcp::serve_in_background(
        files, [&](const auto& started) { return serve_over_http(context, options, files, started); });
  }
  warn_of_plain_http(context, options);
  return serve_over_http(context, options, files, [&](const mcp::BackgroundState& state) {
    context.terminal.out("Serving at " + state.url + "\ntoken: in " + state.token + "\n");
  });
}

// The command line of the server that runs in the background.
std::vector<std::string> background_command(const Context& context, const McpHttpOptions& options,
                                            const std::filesystem::path& project_directory) {
  std::vector<std::string> words = {context.environment.executable.string(),
                                    "serve",
                                    "--mcp",
                                    "http",
                                    "--background",
                                    "--project-dir",
                                    project_directory.string(),
                                    "--host",
                                    options.host,
                                    "--port",
                                    std::to_string(options.port)};
  for (const std::string& name : options.allow_hosts) words.insert(words.end(), {"--allow-host", name});
  for (const std::string& origin : options.allow_origins)
    words.insert(words.end(), {"--allow-origin", origin});
  if (!options.token.empty()) words.insert(words.end(), {"--token", options.token});
  if (options.allow_write) words.emplace_back("--allow-write");
  if (options.yes) words.emplace_back("--yes");
  if (context.no_cache) words.emplace_back("--no-cache");
  return words;
}

int run_start(const Context& context, const McpHttpOptions& options) {
  const project::Project project = app::read_project(context);
  const mcp::BackgroundFiles files = mcp::background_files(project.directory);
  // Said here, where somebody reads it, and not by the process that is started.
  std::string where;
  client_token(context, options, files, where);
  warn_of_plain_http(context, options);
  const auto result =
      mcp::start_in_background(files, {.command = background_command(context, options, project.directory),
                                       .environment = context.environment.variables,
                                       .version = app::version});
  context.terminal.out(options.json ? mcp_started_json(result.state, files, result.existing)
                                    : mcp_started_text(result.state, files, result.existing));
  return 0;
}

int run_status(const Context& context, bool json) {
  const mcp::BackgroundFiles files = files_of(context);
  const auto state = mcp::running_server(files);
  if (json) {
    context.terminal.out(mcp_status_json(state, files));
  } else {
    context.tell(mcp_status_text(state, files, app::version));
  }
  return 0;
}

int run_stop(const Context& context, bool json) {
  const auto stopped = mcp::stop_in_background(files_of(context));
  context.terminal.out(json ? mcp_stopped_json(stopped) : mcp_stopped_text(stopped));
  return 0;
}

std::string last_lines(const std::string& text, std::int64_t count) {
  if (text.empty()) return text;
  std::size_t begin = text.size() - 1;  // of the line break that ends the last line
  for (; count > 0 && begin > 0; --count) {
    begin = text.rfind('\n', begin - 1);
    if (begin == std::string::npos) return text;
  }
  return text.substr(begin + 1);
}

int run_logs(const Context& context, std::int64_t lines) {
  const auto text = read_file_if_exists(files_of(context).log);
  if (!text) {
    throw Error(ErrorKind::io, "There is no log: no MCP server has run in the background",
                "Start one: ktx mcp start");
  }
  context.terminal.out(last_lines(*text, lines));
  return 0;
}

void setup_mcp_stdio(CLI::App& group, Context& context) {
  CLI::App& command = *group.add_subcommand("stdio", "Serve one agent on stdin and stdout");
  const auto options = std::make_shared<McpOptions>();
  add_server_options(command, *options);
  add_examples(command, {{"ktx mcp stdio", "What an agent starts"},
                         {"ktx mcp stdio --allow-write", "Let it write sources and pages too"}});
  command.callback([options, &context] {
    context.command = [options, &context] { return run_stdio(context, *options); };
  });
}

void setup_mcp_start(CLI::App& group, Context& context) {
  CLI::App& command =
      *group.add_subcommand("start", "Start a server for agents in the background, over HTTP");
  const auto options = std::make_shared<McpHttpOptions>();
  add_http_options(command, *options);
  add_server_options(command, *options);
  command.add_flag("--json", options->json, "Print JSON output");
  add_examples(command, {{"ktx mcp start", "Serve this project's agents at port 7878"},
                         {"ktx mcp start --port 0", "Serve at any free port"},
                         {"ktx mcp start --token env:KTX_MCP_TOKEN", "Take the token of a variable"}});
  command.callback([options, &context] {
    context.command = [options, &context] { return run_start(context, *options); };
  });
}

void setup_mcp_stop(CLI::App& group, Context& context) {
  CLI::App& command = *group.add_subcommand("stop", "Stop the server in the background");
  const auto json = std::make_shared<bool>(false);
  command.add_flag("--json", *json, "Print JSON output");
  add_examples(command, {{"ktx mcp stop", "End the project's server, if one runs"}});
  command.callback(
      [json, &context] { context.command = [json, &context] { return run_stop(context, *json); }; });
}

void setup_mcp_status(CLI::App& group, Context& context) {
  CLI::App& command =
      *group.add_subcommand("status", "Show whether a server runs in the background, and where");
  const auto json = std::make_shared<bool>(false);
  command.add_flag("--json", *json, "Print JSON output");
  add_examples(command, {{"ktx mcp status", "Show the address of the project's server"},
                         {"ktx mcp status --json", "The same, for a program"}});
  command.callback(
      [json, &context] { context.command = [json, &context] { return run_status(context, *json); }; });
}

void setup_mcp_logs(CLI::App& group, Context& context) {
  CLI::App& command = *group.add_subcommand("logs", "Show what the server in the background has logged");
  const auto lines = std::make_shared<std::int64_t>(usual_lines);
  command.add_option("--lines", *lines, "How many of the last lines")
      ->transform(whole_number(1))
      ->capture_default_str();
  add_examples(command, {{"ktx mcp logs", "Show its last 100 lines"},
                         {"ktx mcp logs --lines 10", "Show its last 10 lines"}});
  command.callback(
      [lines, &context] { context.command = [lines, &context] { return run_logs(context, *lines); }; });
}

}  // namespace

void setup_mcp(CLI::App& app, Context& context) {
  CLI::App& group = *app.add_subcommand("mcp", "Serve the semantic layer to agents (MCP)");
  group.require_subcommand(0, 1);
  add_examples(group, {{"ktx mcp stdio", "What an agent starts; ktx setup agents tells it so"},
                       {"ktx mcp status", "Show whether a server runs in the background"}});
  setup_mcp_stdio(group, context);
  setup_mcp_start(group, context);
  setup_mcp_status(group, context);
  setup_mcp_logs(group, context);
  setup_mcp_stop(group, context);
}

void setup_serve_mcp(CLI::App& app, Context& context) {
  CLI::App& command = *app.add_subcommand("serve", "Serve the semantic layer to agents (MCP)");
  struct ServeOptions : McpHttpOptions {
    std::string transport = "stdio";
    bool in_background = false;
  };
  const auto options = std::make_shared<ServeOptions>();
  command.add_option("--mcp", options->transport, "How agents connect")
      ->check(CLI::IsMember({"stdio", "http"}))
      ->required();
  add_http_options(command, *options);
  add_server_options(command, *options);
  command.add_flag("--background", options->in_background, "Serve for the process that started this one")
      ->group("");  // hidden
  add_examples(command, {{"ktx serve --mcp stdio", "What an agent starts"},
                         {"ktx serve --mcp http --port 7878", "Serve agents at a port until Ctrl-C"}});
  command.callback([options, &context] {
    context.command = [options, &context] {
      if (options->transport == "stdio") return run_stdio(context, *options);
      return run_http(context, *options, options->in_background);
    };
  });
}

}  // namespace ktx::cli
