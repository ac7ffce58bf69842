#include "mcp.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <thread>

#include "help/help_formatter.hpp"
#include "ktx/mcp/engine.hpp"
#include "ktx/mcp/server.hpp"
#include "ktx/mcp/stdio_server.hpp"
#include "ktx/mcp/tools.hpp"
#include "options.hpp"

namespace ktx::cli {
namespace {

struct McpOptions {
  bool allow_write = false;
  bool yes = false;
};

void add_server_options(CLI::App& command, McpOptions& options) {
  command.add_flag("--allow-write", options.allow_write,
                   "Let clients write sources and wiki pages; everything else only reads");
  command.add_flag("--yes", options.yes, "Install the Python runtime without asking when it is needed");
}

mcp::Settings server_settings(const Context& context, const McpOptions& options) {
  mcp::Settings settings;
  settings.environment = context.environment;
  settings.project_directory = context.project_directory;
  settings.no_cache = context.no_cache;
  settings.allow_write = options.allow_write;
  settings.may_install = options.yes;
  return settings;
}

int run_stdio(const Context& context, const McpOptions& options) {
  // Threads that still run at the end use them: they go with the process.
  auto& engine = *new mcp::Engine(server_settings(context, options));
  const auto& server = *new mcp::Server(mcp::whole_offer(engine));
  const auto warm_up = [&engine] { std::thread([&engine] { engine.warm_up(); }).detach(); };
  return mcp::serve_stdio(server, STDIN_FILENO, STDOUT_FILENO, warm_up);
}

}  // namespace

void setup_mcp(CLI::App& app, Context& context) {
  CLI::App& group = *app.add_subcommand("mcp", "Serve the semantic layer to agents (MCP)");
  group.require_subcommand(0, 1);
  CLI::App& stdio = *group.add_subcommand("stdio", "Serve one agent on stdin and stdout");
  const auto options = std::make_shared<McpOptions>();
  add_server_options(stdio, *options);
  add_examples(stdio, {{"ktx mcp stdio", "What an agent starts"},
                       {"ktx mcp stdio --allow-write", "Let it write sources and pages too"}});
  stdio.callback([options, &context] {
    context.command = [options, &context] { return run_stdio(context, *options); };
  });
}

void setup_serve_mcp(CLI::App& app, Context& context) {
  CLI::App& command = *app.add_subcommand("serve", "Serve the semantic layer to agents (MCP)");
  struct ServeOptions : McpOptions {
    std::string transport = "stdio";
  };
  const auto options = std::make_shared<ServeOptions>();
  command.add_option("--mcp", options->transport, "How agents connect")
      ->check(CLI::IsMember({"stdio"}))
      ->required();
  add_server_options(command, *options);
  add_examples(command, {{"ktx serve --mcp stdio", "What an agent starts"}});
  command.callback([options, &context] {
    context.command = [options, &context] { return run_stdio(context, *options); };
  });
}

}  // namespace ktx::cli
