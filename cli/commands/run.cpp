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
#include "ktx/output/output_mode.hpp"
#include "ktx/output/runtime_view.hpp"
#include "ktx/plugin/plugin.hpp"
#include "ktx/project/project.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/interrupt.hpp"
#include "setup.hpp"
#include "startup_report.hpp"

namespace ktx::cli {
namespace {

constexpr int closed_output_exit_code = 141;  // as a shell reports a death by SIGPIPE

// With --debug, an error says its kind: the word under which the documentation has it.
void report_kind(const Context& context, ErrorKind kind) {
  if (context.debug) context.terminal.err("[debug] error=" + std::string(id(kind)) + "\n");
}

int report(const Context& context, const Error& error) {
  report_kind(context, error.kind());
  const auto& terminal = context.terminal;
  terminal.err(render_error(error, terminal.err_style(), terminal.err_limit()));
  if (error.kind() == ErrorKind::interrupted) return interrupt_exit_code();
  return exit_code(error.kind());
}

// --version ends the parsing, so --json beside it is left over; it is no option of every command.
bool asks_for_json(const CLI::App& app) {
  const auto words = app.remaining();
  return std::ranges::find(words, "--json") != words.end();
}

// What is wrong with the command line, and the help of the command behind it.
int report_misuse(const CLI::App& app, const std::string& message, const Context& context) {
  report_kind(context, ErrorKind::usage);
  const auto& terminal = context.terminal;
  const auto rows = terminal.err_is_terminal() ? std::optional(terminal.err_rows()) : std::nullopt;
  terminal.err(render_misuse(message, app.help(), terminal.err_style(), rows));
  return exit_code(ErrorKind::usage);
}

// Help and --version arrive as exceptions too; they are what was asked for, not errors.
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
  const auto project = project::find_project_directory(context.project_directory, context.environment);
  context.trace("projectDir=" + project.string());
  context.trace("dispatch=" + command_words(app));
}

// Runs what was parsed. Damage to the runtime that only its use could show is mended on the way.
int run_command(Context& context) {
  try {
    return context.command();
  } catch (const Error& error) {
    context.runtime_in_use.reset();
    app::repair_after(error, context);
    throw;
  }
}

// Has every subcommand that is named check and read its options; it leaves in `context.command` what is to
// be done.
void parse(CLI::App& app, const Context& context) {
  auto arguments = written_out(app, context.words());
  std::ranges::reverse(arguments);  // as CLI11 takes them
  app.parse(std::move(arguments));
}

int parse_and_run(Context& context, StartupReporter& reporter, Commands commands = Commands::named) {
  const auto app = make_app(context, commands);
  // What was meant instead of a word that is not understood may be any command.
  const bool may_know_more = commands == Commands::named;
  try {
    parse(*app, context);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() != 0 && may_know_more) return parse_and_run(context, reporter, Commands::all);
    reporter.begin(*app);
    return finish_parsing(*app, error, context);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::usage) throw;
    if (may_know_more) return parse_and_run(context, reporter, Commands::all);
    reporter.begin(*app);
    return report_misuse(*app, error.message(), context);
  }
  reporter.begin(*app);
  if (context.debug) trace_dispatch(*app, context);
  if (!context.command && starts_setup(*app, context)) {
    context.command = [&context] { return run_bare_setup(context); };
  }
  if (context.command) return run_command(context);
  context.terminal.out(app->help());
  return 0;
}

// The one place where errors end.
int run(Context& context, StartupReporter& reporter) {
  try {
    return parse_and_run(context, reporter);
  } catch (const ClosedOutput&) {
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
  // Nothing that ktx or its children make is for others to write to, whatever the user's own mask.
  ::umask(::umask(0) | S_IWGRP | S_IWOTH);
  exit_on_interrupt();
  Context context;
  context.environment = Environment::current();
  context.terminal.choose_styles(context.environment);
  context.arguments.assign(argv, argv + argc);
  const int exit_code = run(context, reporter);
  plugin::leave(exit_code, [&](int status) { reporter.write(context.terminal, status); });
}

}  // namespace ktx::cli
