#include "terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "ktx/util/error.hpp"

namespace ktx::cli {
namespace {

/// 0, or the errno that stopped the writing.
int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(descriptor, text.data(), text.size());
    if (count >= 0) {
      text.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

/// All zeros when the descriptor is no terminal, or one that does not say.
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

Terminal::Terminal()
    : out_is_terminal_(::isatty(STDOUT_FILENO) == 1),
      err_is_terminal_(::isatty(STDERR_FILENO) == 1),
      in_is_terminal_(::isatty(STDIN_FILENO) == 1) {
  std::signal(SIGPIPE, SIG_IGN);
}

void Terminal::out(std::string_view text) const {
  const int failure = write_all(STDOUT_FILENO, text);
  if (failure == EPIPE) throw ClosedOutput{};
  if (failure != 0) throw system_error("Cannot write", "to standard output", failure);
}

void Terminal::err(std::string_view text) const { write_all(STDERR_FILENO, text); }

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
