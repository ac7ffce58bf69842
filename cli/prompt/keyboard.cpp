#include "prompt/keyboard.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>

#include "ktx/util/error.hpp"

namespace ktx::cli {
namespace {

/// Longer than a terminal, also a distant one, takes between the bytes of one key.
constexpr int key_milliseconds = 50;

constexpr std::string_view mark_pasted = "\x1b[?2004h";
constexpr std::string_view do_not_mark_pasted = "\x1b[?2004l";

/// A terminal that is gone or knows no such thing is none the worse.
void tell_terminal(std::string_view sequence) {
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, sequence.data(), sequence.size());
}

[[noreturn]] void throw_gone() {
  throw_if_interrupted();
  throw Error(ErrorKind::interrupted, "The terminal was closed");
}

}  // namespace

Keyboard::Keyboard(KeyDecoder& decoder) : decoder_(decoder) {
  if (::tcgetattr(STDIN_FILENO, &former_) != 0) throw system_error("Cannot read", "the terminal", errno);
  termios keys = former_;
  keys.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | IEXTEN);
  keys.c_iflag &= ~static_cast<tcflag_t>(ICRNL | INLCR | IXON);
  keys.c_cc[VMIN] = 1;
  keys.c_cc[VTIME] = 0;
  keys.c_cc[VSUSP] = _POSIX_VDISABLE;
  keys.c_cc[VQUIT] = _POSIX_VDISABLE;
  // What was typed ahead stays: TCSADRAIN, not TCSAFLUSH.
  if (::tcsetattr(STDIN_FILENO, TCSADRAIN, &keys) != 0)
    throw system_error("Cannot set", "the terminal", errno);
  tell_terminal(mark_pasted);
}

Keyboard::~Keyboard() {
  tell_terminal(do_not_mark_pasted);
  ::tcsetattr(STDIN_FILENO, TCSADRAIN, &former_);
}

Key Keyboard::read() {
  while (true) {
    if (auto key = decoder_.next(false)) return *std::move(key);
    if (fill(decoder_.is_waiting() ? key_milliseconds : -1)) continue;
    if (auto key = decoder_.next(true)) return *std::move(key);
  }
}

bool Keyboard::fill(int milliseconds) {
  std::array<pollfd, 2> watched = {{{STDIN_FILENO, POLLIN, 0}, {interrupt_descriptor(), POLLIN, 0}}};
  const int count = ::poll(watched.data(), watched.size(), milliseconds);
  throw_if_interrupted();
  if (count == 0) return false;
  if (count < 0) return true;  // EINTR: look again
  // One at a time: what is typed ahead may be for somebody else.
  char byte = 0;
  const ssize_t got = ::read(STDIN_FILENO, &byte, 1);
  if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)) throw_gone();
  if (got > 0) decoder_.add({&byte, 1});
  return true;
}

}  // namespace ktx::cli
