#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <sstream>
#include <string>
#include <utility>

#include "app.hpp"
#include "commands/setup.hpp"
#include "help/usage_message.hpp"
#include "ktx/plugin/leave.hpp"
#include "ktx/project/project.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/interrupt.hpp"
#include "output/version_view.hpp"
#include "self_repair.hpp"
#include "sl_shorthand.hpp"
#include "startup_report.hpp"

namespace {

using ktx::cli::Commands;
using ktx::cli::Context;
using ktx::cli::StartupReporter;

constexpr int closed_output_exit_code = 141;  // as a shell reports a death by SIGPIPE

/// With --debug, an error says its kind: the word under which the documentation has it.
void report_kind(const Context& context, ktx::ErrorKind kind) {
  if (context.debug) context.terminal.err("[debug] error=" + std::string(ktx::id(kind)) + "\n");
}

int report(const Context& context, const ktx::Error& error) {
  report_kind(context, error.kind());
  const auto& style = context.terminal.err_style();
  context.terminal.err(style.error(error.message()) + "\n");
  for (const std::string& line : error.details()) context.terminal.err("  " + line + "\n");
  if (!error.fix().empty()) context.terminal.err(style.hint("Fix:") + " " + error.fix() + "\n");
  if (error.kind() == ktx::ErrorKind::interrupted) return ktx::interrupt_exit_code();
  return ktx::exit_code(error.kind());
}

/// --version ends the parsing, so --json beside it is left over; it is no option of every command.
bool asks_for_json(const CLI::App& app) {
  const auto words = app.remaining();
  return std::ranges::find(words, "--json") != words.end();
}

/// Help and --version arrive as exceptions too; they are what was asked for, not errors.
int finish_parsing(const CLI::App& app, const CLI::ParseError& error, const Context& context) {
  if (dynamic_cast<const CLI::CallForVersion*>(&error) != nullptr && asks_for_json(app)) {
    context.terminal.out(ktx::cli::version_json(context.environment));
    return 0;
  }
  if (error.get_exit_code() == 0) {
    std::ostringstream text;
    app.exit(error, text, text);
    context.terminal.out(text.str());
    return 0;
  }
  report_kind(context, ktx::ErrorKind::usage);
  const std::vector<std::string> arguments(context.arguments.begin() + (context.arguments.empty() ? 0 : 1),
                                           context.arguments.end());
  context.terminal.err(ktx::cli::usage_message(app, arguments, error) + "\n\n" + app.help());
  return ktx::exit_code(ktx::ErrorKind::usage);
}

void report_dispatch(const CLI::App& app, const Context& context) {
  const auto project = ktx::project::find_project_directory(context.project_directory, context.environment);
  context.terminal.err("[debug] projectDir=" + project.string() +
                       "\n[debug] dispatch=" + ktx::cli::command_words(app) + "\n");
}

/// Runs what was parsed. Damage to the runtime that only its use could show is mended on the way.
int run_command(Context& context) {
  try {
    return context.command();
  } catch (const ktx::Error& error) {
    context.runtime_in_use.reset();
    ktx::cli::repair_after(error, context);
    throw;
  }
}

int parse_and_run(Context& context, StartupReporter& reporter, Commands commands = Commands::named) {
  const auto app = ktx::cli::make_app(context, commands);
  try {
    const auto first = context.arguments.begin() + (context.arguments.empty() ? 0 : 1);
    auto arguments = ktx::cli::written_out(*app, {first, context.arguments.end()});
    std::ranges::reverse(arguments);  // as CLI11 takes them
    app->parse(std::move(arguments));
  } catch (const CLI::ParseError& error) {
    // What was meant instead may be any command.
    const bool misused = error.get_exit_code() != 0;
    if (misused && commands == Commands::named) return parse_and_run(context, reporter, Commands::all);
    reporter.begin(*app);
    return finish_parsing(*app, error, context);
  }
  reporter.begin(*app);
  if (context.debug) report_dispatch(*app, context);
  if (!context.command && ktx::cli::starts_setup(*app, context)) {
    context.command = [&context] { return ktx::cli::run_bare_setup(context); };
  }
  if (context.command) return run_command(context);
  context.terminal.out(app->help());
  return 0;
}

/// The one place where errors end.
int run(Context& context, StartupReporter& reporter) {
  try {
    return parse_and_run(context, reporter);
  } catch (const ktx::cli::ClosedOutput&) {
    return closed_output_exit_code;
  } catch (const ktx::Error& error) {
    return report(context, error);
  } catch (const std::exception& error) {
    return report(context, {ktx::ErrorKind::internal, std::string("Internal error: ") + error.what(),
                            "This is a defect of ktx; please report it with the command that you ran"});
  }
}

}  // namespace

int main(int argc, char** argv) {
  StartupReporter reporter;
  // Nothing that ktx or its children make is for others to write to, whatever the user's own mask.
  ::umask(::umask(0) | S_IWGRP | S_IWOTH);
  ktx::exit_on_interrupt();
  Context context;
  context.environment = ktx::Environment::current();
  context.terminal.choose_styles(context.environment);
  context.arguments.assign(argv, argv + argc);
  const int exit_code = run(context, reporter);
  ktx::plugin::leave(exit_code, [&](int status) { reporter.write(context.terminal, status); });
}
