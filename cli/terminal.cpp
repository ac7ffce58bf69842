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

std::size_t Terminal::err_columns() const {
  constexpr std::size_t usual = 80;
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return usual;
  return size.ws_col;
}

std::size_t Terminal::err_rows() const {
  constexpr std::size_t usual = 24;
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0) return usual;
  return size.ws_row;
}

}  // namespace ktx::cli
