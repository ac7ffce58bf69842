#include "ktx/commands/run.hpp"

#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

#include "app.hpp"
#include "first_word.hpp"
#include "help/usage_message.hpp"
#include "ktx/app/runtime_session.hpp"
#include "ktx/output/error_view.hpp"
#include "ktx/output/runtime_view.hpp"
#include "ktx/plugin/plugin.hpp"
#include "ktx/project/project.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/interrupt.hpp"
#include "setup.hpp"
#include "startup_report.hpp"

namespace ktx::cli {
namespace {

constexpr int closed_output_exit_code =
    141;  // 128 + SIGPIPE: what a shell reports for a program that SIGPIPE ended

// With --debug, the kind of an error: the word that the documentation lists it under.
void report_kind(const Context& context, ErrorKind kind) {
  if (context.debug) context.terminal.err("[debug] error=" + std::string(id(kind)) + "\n");
}

int report(const Context& context, const Error& error) {
  report_kind(context, error.kind());
  const auto& terminal = context.terminal;
  terminal.err(render_error(context.worded(error), terminal.err_style(), terminal.err_limit()));
  // 130 for Ctrl-C, 143 for SIGTERM, 129 for a closed terminal: by the signal, not by the kind.
  if (error.kind() == ErrorKind::interrupted) return interrupt_exit_code();
  return exit_code(error.kind());
}

// --version ends parsing, so a --json beside it is left over. It is not a global option.
bool asks_for_json(const CLI::App& app) {
  const auto words = app.remaining();
  return std::ranges::find(words, "--json") != words.end();
}

// Reports a command line that is not understood, followed by the help of its command.
int report_misuse(const CLI::App& app, const std::string& message, const Context& context) {
  report_kind(context, ErrorKind::usage);
  const auto& terminal = context.terminal;
  const auto rows = terminal.err_is_terminal() ? std::optional(terminal.err_rows()) : std::nullopt;
  terminal.err(render_misuse(context.worded(message), app.help(), terminal.err_style(), rows));
  return exit_code(ErrorKind::usage);
}

// Finishes a command line that ended in an exception of CLI11. Help and --version are such exceptions, with
// the exit code 0.
int finish_parsing(const CLI::App& app, const CLI::ParseError& error, const Context& context) {
  if (dynamic_cast<const CLI::CallForVersion*>(&error) != nullptr && asks_for_json(app)) {
    context.terminal.out(version_json(context.environment));
    return 0;
  }
  if (error.get_exit_code() == 0) {
    std::ostringstream text;
    app.exit(error, text, text);
    context.terminal.out(text.str());
    return 0;
  }
  return report_misuse(app, usage_message(app, context.words(), error), context);
}

void trace_dispatch(const CLI::App& app, const Context& context) {
  try {
    const auto project = project::find_project_directory(context.project_directory, context.environment);
    context.trace("projectDir=" + project.string());
  } catch (const Error& error) {
    context.trace(error.message());  // most commands need no project
  }
  context.trace("dispatch=" + command_words(app));
}

// Runs the chosen command. Repairs the runtime if the command failed because it is damaged, which only its
// use can show.
int run_command(Context& context) {
  try {
    return context.command();
  } catch (const Error& error) {
    // Or a repair could not replace the runtime that this process holds in use.
    context.runtime_in_use.reset();
    // Returns if there was nothing to repair; after a repair the command starts again and this never returns.
    app::repair_after(error, context);
    throw app::with_loader_fix(error, context.environment);
  }
}

// Parses the command line. Callbacks of the subcommands check their options and set `context.command`.
void parse(CLI::App& app, const Context& context) {
  auto arguments = written_out(app, context.words());
  std::ranges::reverse(arguments);  // CLI11 takes them from the end
  app.parse(std::move(arguments));
}

int parse_and_run(Context& context, StartupReporter& reporter, Commands commands = Commands::named) {
  const auto app = make_app(context, commands);
  // Only a few commands are registered. To suggest what was meant, all of them are needed.
  const bool may_know_more = commands == Commands::named;
  try {
    parse(*app, context);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() != 0 && may_know_more) return parse_and_run(context, reporter, Commands::all);
    reporter.begin(*app);
    return finish_parsing(*app, error, context);
  } catch (const Error& error) {
    // Callbacks throw `usage` errors for what CLI11 does not check; they are misuse too, and get the help.
    if (error.kind() != ErrorKind::usage) throw;
    if (may_know_more) return parse_and_run(context, reporter, Commands::all);
    reporter.begin(*app);
    return report_misuse(*app, error.message(), context);
  }
  reporter.begin(*app);
  // Looking for the project takes system calls: only if the trace is shown.
  if (context.debug) trace_dispatch(*app, context);
  // Without a command: setup for somebody new, else the help.
  if (!context.command && starts_setup(*app, context)) {
    context.command = [&context] { return run_bare_setup(context); };
  }
  if (context.command) return run_command(context);
  context.terminal.out(app->help());
  return 0;
}

// The only place that catches every error and turns it into an exit code.
int run(Context& context, StartupReporter& reporter) {
  try {
    return parse_and_run(context, reporter);
  } catch (const ClosedOutput&) {
    // Quietly: the reader, such as `head`, has what it wanted.
    return closed_output_exit_code;
  } catch (const Error& error) {
    return report(context, error);
  } catch (const std::exception& error) {
    return report(context, {ErrorKind::internal, std::string("Internal error: ") + error.what(),
                            "This is a defect of ktx; please report it with the command that you ran"});
  }
}

}  // namespace

void run_and_leave(int argc, char** argv) {
  StartupReporter reporter;
  // Nobody else may write to files that ktx or its children make, even if the user's mask would let them.
  ::umask(::umask(0) | S_IWGRP | S_IWOTH);
  // From here on a signal ends the process at once, except while an `InterruptGuard` lives.
  exit_on_interrupt();
  Context context;
  context.environment = Environment::current();
  context.terminal.choose_styles(context.environment);
  context.arguments.assign(argv, argv + argc);
  const int exit_code = run(context, reporter);
  // Not by returning from main: Python in this process must not be finalised. The report comes last, to count
  // that too.
  plugin::leave(exit_code, [&](int status) { reporter.write(context.terminal, status); });
}

}  // namespace ktx::cli
