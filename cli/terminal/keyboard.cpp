#include "keyboard.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "ktx/util/error.hpp"
#include "ktx/util/text.hpp"

namespace ktx::cli {
namespace {

constexpr char escape_byte = '\x1b';

// Enter is \r without ICRNL, and Backspace either byte, by the terminal. The letters are those of readline:
// Ctrl-A, E, B, F, P, N, U, W, D.
constexpr std::array<std::pair<char, KeyKind>, 13> control_keys = {{
    {'\r', KeyKind::enter},
    {'\n', KeyKind::enter},
    {'\x7f', KeyKind::backspace},
    {'\x08', KeyKind::backspace},
    {'\x04', KeyKind::end_of_input},
    {'\x15', KeyKind::clear_line},
    {'\x17', KeyKind::erase_word},
    {'\x01', KeyKind::home},
    {'\x05', KeyKind::end},
    {'\x02', KeyKind::left},
    {'\x06', KeyKind::right},
    {'\x10', KeyKind::up},
    {'\x0e', KeyKind::down},
}};

// Sequences by what follows ESC [ or ESC O. Terminals differ in Home and End: H and F, 1~ and 4~ (Linux
// console, tmux), 7~ and 8~ (rxvt).
constexpr std::array<std::pair<std::string_view, KeyKind>, 12> sequences = {{
    {"A", KeyKind::up},
    {"B", KeyKind::down},
    {"C", KeyKind::right},
    {"D", KeyKind::left},
    {"H", KeyKind::home},
    {"F", KeyKind::end},
    {"Z", KeyKind::escape},
    {"1~", KeyKind::home},
    {"7~", KeyKind::home},
    {"4~", KeyKind::end},
    {"8~", KeyKind::end},
    {"3~", KeyKind::erase},
}};

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; }

Key control_key(char c) {
  for (const auto& [byte, kind] : control_keys) {
    if (byte == c) return {kind, {}};
  }
  return {};
}

Key sequence_key(std::string_view rest) {
  for (const auto& [text, kind] : sequences) {
    if (text == rest) return {kind, {}};
  }
  return {};
}

// Whether the bytes may be the beginning of a UTF-8 character. 0xC2 is its smallest leading byte.
bool may_be_cut(std::string_view bytes) {
  constexpr std::size_t longest = 4;
  return bytes.size() < longest && static_cast<unsigned char>(bytes[0]) >= 0xC2;
}

// Longer than even a remote terminal takes between the bytes of one key. After that, ESC is the Escape key.
constexpr int key_milliseconds = 50;

// Bracketed paste of xterm: pasted text comes between ESC [200~ and ESC [201~.
constexpr std::string_view mark_pasted = "\x1b[?2004h";
constexpr std::string_view do_not_mark_pasted = "\x1b[?2004l";

// Sends a mode to the terminal. Failures are ignored: a terminal that is gone needs no mode, and one that
// does not know the mode ignores it.
void tell_terminal(std::string_view sequence) {
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, sequence.data(), sequence.size());
}

[[noreturn]] void throw_gone() {
  throw_if_interrupted();
  throw Error(ErrorKind::interrupted, "The terminal was closed");
}

}  // namespace

std::optional<bool> yes_or_no_of(const Key& key, bool initial) {
  if (key.kind == KeyKind::enter) return initial;
  if (key.text == "y" || key.text == "Y") return true;
  if (key.text == "n" || key.text == "N") return false;
  return std::nullopt;
}

std::optional<Key> KeyDecoder::next(bool all_here) {
  if (bytes_.empty()) return std::nullopt;
  if (bytes_[0] == escape_byte) return next_sequence(all_here);
  if (!is_control(bytes_[0])) return next_character(all_here);
  // A pasted line break or Ctrl-D must not answer the question.
  const Key key = is_pasted_ ? Key{} : control_key(bytes_[0]);
  bytes_.erase(0, 1);
  return key;
}

Key KeyDecoder::key_of(std::string_view sequence) {
  if (sequence == "200~" || sequence == "201~") {
    is_pasted_ = sequence == "200~";
    return {};
  }
  return is_pasted_ ? Key{} : sequence_key(sequence);
}

std::optional<Key> KeyDecoder::next_sequence(bool all_here) {
  if (bytes_.size() == 1 && !all_here) return std::nullopt;
  if (bytes_.size() == 1 || (bytes_[1] != '[' && bytes_[1] != 'O')) {
    // Alt with a key sends ESC and that key: Escape, then the key by itself.
    bytes_.erase(0, 1);
    return Key{KeyKind::escape, {}};
  }
  std::size_t end = 2;
  // A byte from @ to ~ ends a sequence (ECMA-48).
  while (end < bytes_.size() && (bytes_[end] < '@' || bytes_[end] > '~')) ++end;
  if (end == bytes_.size() && !all_here) return std::nullopt;
  const std::string rest = bytes_.substr(2, end - 1);
  bytes_.erase(0, end + 1);
  return key_of(rest);
}

std::optional<Key> KeyDecoder::next_character(bool all_here) {
  std::string_view rest = bytes_;
  if (take_code_point(rest)) {
    Key key{KeyKind::text, bytes_.substr(0, bytes_.size() - rest.size())};
    bytes_.erase(0, key.text.size());
    return key;
  }
  if (may_be_cut(bytes_) && !all_here) return std::nullopt;
  bytes_.erase(0, 1);
  return Key{};
}

Keyboard::Keyboard(KeyDecoder& decoder) : decoder_(decoder) {
  if (::tcgetattr(STDIN_FILENO, &former_) != 0) throw system_error("Cannot read", "the terminal", errno);
  termios keys = former_;
  // Canonical mode and echo off; IEXTEN off, or Ctrl-V would quote the next key. ISIG stays on, so that
  // Ctrl-C is a signal even while the process is busy.
  keys.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | IEXTEN);
  // IXON off: Ctrl-S would freeze the question.
  keys.c_iflag &= ~static_cast<tcflag_t>(ICRNL | INLCR | IXON);
  keys.c_cc[VMIN] = 1;
  keys.c_cc[VTIME] = 0;
  // Ctrl-Z and Ctrl-\ would leave the shell with a terminal in this mode.
  keys.c_cc[VSUSP] = _POSIX_VDISABLE;
  keys.c_cc[VQUIT] = _POSIX_VDISABLE;
  // TCSADRAIN, not TCSAFLUSH: keys that were typed ahead are kept.
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
  // A signal handler cannot throw; it makes its descriptor readable, which ends the poll.
  std::array<pollfd, 2> watched = {{{STDIN_FILENO, POLLIN, 0}, {interrupt_descriptor(), POLLIN, 0}}};
  const int count = ::poll(watched.data(), watched.size(), milliseconds);
  throw_if_interrupted();
  if (count == 0) return false;
  if (count < 0) return true;  // EINTR: look again
  // One byte at a time: what was typed ahead may be for the program that runs next.
  char byte = 0;
  const ssize_t got = ::read(STDIN_FILENO, &byte, 1);
  if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)) throw_gone();
  if (got > 0) decoder_.add({&byte, 1});
  return true;
}

}  // namespace ktx::cli
