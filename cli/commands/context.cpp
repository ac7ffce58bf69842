#include "context.hpp"

#include "ktx/app/own_command.hpp"
#include "ktx/output/finding_list_view.hpp"
#include "ktx/output/progress.hpp"
#include "ktx/output/waiting_line.hpp"
#include "ktx/terminal/prompts.hpp"
#include "ktx/terminal/text_width.hpp"

namespace ktx::cli {

void Context::note(const std::string& text) const {
  if (!quiet) warn(text);
}

// Even with --quiet: a warning is about the answer.
void Context::warn(const std::string& text) const {
  terminal.err(broken_between_words(worded(text), terminal.err_limit()) + "\n");
}

void Context::tell(const std::string& text) const {
  terminal.out(broken_between_words(worded(text), terminal.out_limit()));
}

void Context::trace(const std::string& text) const {
  if (debug) terminal.err("[debug] " + text + "\n");
}

void Context::report(const std::vector<Finding>& findings) const {
  std::string text;
  for (const Finding& finding : findings) {
    const std::string_view severity = name(finding.severity);
    std::string lines = render_finding(finding);
    // Rendered as "file:line:column: error: …". The colons keep the word apart from one in the name of the
    // file.
    const std::size_t place = lines.find(": " + std::string(severity) + ": ");
    if (place != std::string::npos) {
      lines.replace(place + 2, severity.size(), terminal.err_style().severity(severity));
    }
    text += lines;
  }
  terminal.err(worded(std::move(text)));
}

bool Context::can_confirm() const { return may_ask(terminal, environment); }

bool Context::confirm(const std::string& question) const {
  return cli::confirm(terminal, broken_between_words(worded(question), terminal.err_limit()));
}

std::unique_ptr<app::InstallObserver> Context::observe_install() const {
  return std::make_unique<Progress>(
      terminal, progress_style(terminal, environment, {.quiet = quiet}, ProgressStyle::plain));
}

std::string Context::worded(std::string text, const std::optional<std::filesystem::path>& folder) const {
  // Most texts name no command, and looking for the words that start one takes system calls.
  if (text.find("ktx ") == std::string::npos) return text;
  const auto started_as = app::own_command(environment, folder.value_or(environment.directory));
  return app::with_own_command(std::move(text), started_as);
}

Error Context::worded(const Error& error) const {
  std::vector<std::string> details = error.details();
  for (std::string& line : details) line = worded(line);
  return {error.kind(), worded(error.message()), worded(error.fix()), std::move(details)};
}

std::unique_ptr<app::Waiting> Context::wait_for_database() const {
  // Where nothing can be taken back there is nothing: a line of its own would stay.
  if (progress_style(terminal, environment, {.quiet = quiet}, ProgressStyle::quiet) != ProgressStyle::live) {
    return nullptr;
  }
  return std::make_unique<WaitingLine>(terminal);
}

std::vector<std::string> Context::words() const {
  return {arguments.begin() + (arguments.empty() ? 0 : 1), arguments.end()};
}

}  // namespace ktx::cli
