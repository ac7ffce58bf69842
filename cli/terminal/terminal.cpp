#include "ktx/terminal/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "ktx/terminal/shown_text.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/text.hpp"

namespace ktx::cli {
namespace {

bool has_colour(const Environment& environment, bool is_terminal) {
  if (environment.variable("NO_COLOR")) return false;
  if (environment.variable("CLICOLOR_FORCE").value_or("0") != "0") return true;
  if (environment.variable("CLICOLOR") == "0") return false;
  return is_terminal && !can_only_append(environment);
}

// By the variables in which the C library looks for the character set: LC_ALL, else LC_CTYPE, else LANG.
bool has_unicode(const Environment& environment) {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    if (const auto locale = environment.variable(name)) {
      const std::string lower = lower_case(*locale);
      return lower.find("utf-8") != std::string::npos || lower.find("utf8") != std::string::npos;
    }
  }
  return false;
}

// Returns 0, or the errno of the write that failed.
int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(descriptor, text.data(), text.size());
    // A pipe may take a part only.
    if (count >= 0) {
      text.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

// All zeros if the descriptor is not a terminal. Some terminals, such as serial lines, report zeros too.
winsize size_of(int descriptor) {
  winsize size{};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0) return {};
  return size;
}

std::size_t columns_of(int descriptor) {
  constexpr std::size_t usual = 80;
  const std::size_t columns = size_of(descriptor).ws_col;
  return columns == 0 ? usual : columns;
}

std::size_t rows_of(int descriptor) {
  constexpr std::size_t usual = 24;
  const std::size_t rows = size_of(descriptor).ws_row;
  return rows == 0 ? usual : rows;
}

}  // namespace

std::string Style::severity(std::string_view name) const {
  if (name == "error") return error(name);
  return name == "warning" ? warning(name) : bold(name);
}

std::string Style::wrapped(std::string_view code, std::string_view text) const {
  if (!colour_ || text.empty()) return std::string(text);
  const std::string mark(emphasis_mark);
  return (mark + std::string(code) + "m").append(text) + mark + "0m";
}

Style choose_style(const Environment& environment, bool is_terminal) {
  return {has_colour(environment, is_terminal), has_unicode(environment)};
}

bool can_only_append(const Environment& environment) {
  return environment.variable("TERM").value_or("dumb") == "dumb";
}

bool runs_in_ci(const Environment& environment) {
  const auto value = environment.variable("CI");
  return value && *value != "0" && *value != "false";
}

Terminal::Terminal()
    : out_is_terminal_(::isatty(STDOUT_FILENO) == 1),
      err_is_terminal_(::isatty(STDERR_FILENO) == 1),
      in_is_terminal_(::isatty(STDIN_FILENO) == 1) {
  std::signal(SIGPIPE, SIG_IGN);
}

void Terminal::out(std::string_view text) const { out_bytes(shown(text, out_style_.colour())); }

void Terminal::out_bytes(std::string_view bytes) const {
  // Unbuffered: what was written before an error or a signal is not lost, and nothing comes out of order with
  // stderr.
  const int failure = write_all(STDOUT_FILENO, bytes);
  if (failure == EPIPE) throw ClosedOutput{};
  if (failure != 0) throw system_error("Cannot write", "to standard output", failure);
}

void Terminal::err(std::string_view text) const { control(shown(text, err_style_.colour())); }

void Terminal::control(std::string_view sequences) const { write_all(STDERR_FILENO, sequences); }

void Terminal::choose_styles(const Environment& environment) {
  out_style_ = choose_style(environment, out_is_terminal_);
  err_style_ = choose_style(environment, err_is_terminal_);
}

std::optional<std::size_t> Terminal::out_limit() const {
  return out_is_terminal_ ? std::optional(out_columns()) : std::nullopt;
}

std::optional<std::size_t> Terminal::err_limit() const {
  return err_is_terminal_ ? std::optional(err_columns()) : std::nullopt;
}

std::size_t Terminal::out_columns() const { return columns_of(STDOUT_FILENO); }

std::size_t Terminal::out_rows() const { return rows_of(STDOUT_FILENO); }

std::size_t Terminal::err_columns() const { return columns_of(STDERR_FILENO); }

std::size_t Terminal::err_rows() const { return rows_of(STDERR_FILENO); }

}  // namespace ktx::cli
