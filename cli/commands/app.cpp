#include "app.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cache.hpp"
#include "completion.hpp"
#include "connection.hpp"
#include "first_word.hpp"
#include "help.hpp"
#include "help/help_formatter.hpp"
#include "ktx/app/version.hpp"
#include "mcp.hpp"
#include "runtime/daemon.hpp"
#include "runtime/interpreter_checks.hpp"
#include "runtime/runtime.hpp"
#include "setup.hpp"
#include "sl/sl.hpp"
#include "sql.hpp"
#include "startup_report.hpp"
#include "status.hpp"
#include "wiki.hpp"

namespace ktx::cli {
namespace {

// The end of `ktx --help`.
constexpr const char* root_footer =
    "Exit codes:\n"
    "  0         success\n"
    "  1         the command failed; stderr says what, where and what to do\n"
    "  2         the command line could not be understood\n"
    "  130, 143  interrupted by Ctrl-C, ended by SIGTERM\n"
    "  141       the reader of stdout went away\n"
    "\n"
    "ktx <command> --help says more about a command.";

void add_root_examples(CLI::App& app) {
  add_examples(
      app, {{"ktx sl list", "Show the sources of the project in this folder"},
            {"ktx sl query --measure orders.revenue --dimension orders.status", "Compile a question to SQL"},
            {"ktx sl validate", "Check the semantic layer, with file:line:column"},
            {"ktx runtime status", "Show whether the Python runtime is installed"},
            {"ktx help sl query", "Show the help of one command"}});
}

// A command directly below `ktx`, with all its subcommands.
struct TopCommand {
  std::string_view name;
  void (*add)(CLI::App& app, Context& context);
  bool reads_tree = false;  ///< needs all commands: it shows or completes them
};

// In the order in which the help shows them. Names with __ are hidden: ktx itself runs them as children.
constexpr std::array top_commands = {TopCommand{"__interpreter-health", setup_interpreter_health},
                                     TopCommand{"__load-libpython", setup_load_libpython},
                                     TopCommand{"__serve", setup_serve},
                                     TopCommand{"setup", setup_setup},
                                     TopCommand{"sl", setup_sl},
                                     TopCommand{"sql", setup_sql},
                                     TopCommand{"connection", setup_connection},
                                     TopCommand{"wiki", setup_wiki},
                                     TopCommand{"mcp", setup_mcp},
                                     TopCommand{"serve", setup_serve_mcp},
                                     TopCommand{"status", setup_status},
                                     TopCommand{"runtime", setup_runtime},
                                     TopCommand{"cache", setup_cache},
                                     TopCommand{"completion", setup_completion, true},
                                     TopCommand{"help", setup_help, true}};

bool asks_for_version(const std::vector<std::string>& words) {
  return std::ranges::any_of(words,
                             [](const std::string& word) { return word == "-v" || word == "--version"; });
}

// The commands to register for these arguments: the one that they name, none for --version, else all.
std::span<const TopCommand> named_commands(const CLI::App& app, const std::vector<std::string>& arguments) {
  const std::span<const TopCommand> all = top_commands;
  if (arguments.empty()) return all;
  const std::vector<std::string> words(arguments.begin() + 1, arguments.end());
  const std::size_t place = first_word(words, 0, {&app});
  // No command: --version needs none, --help shows all of them.
  if (place == words.size()) return asks_for_version(words) ? all.first(0) : all;
  const auto found = std::ranges::find(all, words[place], &TopCommand::name);
  return found == all.end() || found->reads_tree ? all : std::span(found, 1);
}

void add_global_options(CLI::App& app, Context& context) {
  app.set_version_flag("-v,--version", app::version, "Print the version and exit; with --json as JSON");
  app.add_option("--project-dir", context.project_directory,
                 "The project's folder (default: KTX_PROJECT_DIR, then the nearest folder upwards that "
                 "holds ktx.yaml)")
      ->type_name("FOLDER")
      ->group(global_options);
  app.add_flag("--debug", context.debug, "Print what is being done to stderr")->group(global_options);
  app.add_flag("-q,--quiet", context.quiet, "Nothing on stderr but errors, and warnings about the answer")
      ->group(global_options);
  app.add_flag("--no-cache", context.no_cache,
               "Use nothing that earlier commands kept, and keep nothing (also: KTX_NO_CACHE)")
      ->group(global_options);
  add_startup_report_option(app);
}

}  // namespace

std::unique_ptr<CLI::App> make_app(Context& context, Commands commands) {
  auto app = std::make_unique<CLI::App>("Semantic queries to correct SQL for your warehouse", "ktx");
  app->formatter(std::make_shared<HelpFormatter>(context));  // before the commands, which inherit it
  add_global_options(*app, context);
  add_root_examples(*app);
  app->require_subcommand(0, 1);
  app->fallthrough();  // global options may also stand behind a subcommand
  const bool named = commands == Commands::named;
  for (const TopCommand& command :
       named ? named_commands(*app, context.arguments) : std::span<const TopCommand>(top_commands)) {
    command.add(*app, context);
  }
  app->footer(root_footer);  // after the commands, which would inherit it
  return app;
}

}  // namespace ktx::cli
