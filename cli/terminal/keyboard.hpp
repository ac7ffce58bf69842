#pragma once

#include <termios.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ktx/util/interrupt.hpp"

namespace ktx::cli {

/// What a key means to a question.
enum class KeyKind : std::uint8_t {
  text,  ///< a character, in `Key::text`
  enter,
  escape,  ///< or Shift-Tab: both go back
  up,
  down,
  left,
  right,
  home,
  end,
  backspace,
  erase,         ///< Delete: the character under the cursor
  clear_line,    ///< Ctrl-U
  erase_word,    ///< Ctrl-W
  end_of_input,  ///< Ctrl-D
  other,         ///< any other key; ignored
};

struct Key {
  KeyKind kind = KeyKind::other;
  std::string text;

  bool operator==(const Key&) const = default;
};

/// The answer that a key gives to a yes-or-no question; Enter gives `initial`. std::nullopt for other keys.
std::optional<bool> yes_or_no_of(const Key& key, bool initial);

/// Decodes the bytes that a terminal sends into keys. A sequence may arrive in pieces. If the terminal marks
/// pasted text, only text in it counts: a pasted line break is not Enter.
class KeyDecoder {
 public:
  void add(std::string_view bytes) { bytes_ += bytes; }

  /// The next key, or std::nullopt if none is complete. `all_here` means that no more bytes will come soon: a
  /// lone ESC is then the Escape key.
  std::optional<Key> next(bool all_here);

  /// Whether a key has started and is not complete.
  bool is_waiting() const { return !bytes_.empty(); }

 private:
  std::optional<Key> next_sequence(bool all_here);
  std::optional<Key> next_character(bool all_here);
  Key key_of(std::string_view sequence);

  bool is_pasted_ = false;
  std::string bytes_;
};

/// Reads keys from the terminal at stdin, one by one and without echo. The destructor restores the terminal,
/// whatever ends the question: an answer, an error, or SIGINT (Ctrl-C), SIGTERM and SIGHUP, which `read`
/// turns into an `interrupted` error. Ctrl-Z and Ctrl-\ are off meanwhile.
class Keyboard {
 public:
  /// `decoder` keeps what was typed ahead of a question, and must outlive this. Throws an `io` error if stdin
  /// is not a terminal.
  explicit Keyboard(KeyDecoder& decoder);
  Keyboard(const Keyboard&) = delete;
  Keyboard& operator=(const Keyboard&) = delete;
  ~Keyboard();

  /// Waits for the next key. Throws `interrupted` on a signal, and if the terminal is gone.
  Key read();

 private:
  /// Waits up to `milliseconds` (-1: without end). Returns whether bytes came.
  bool fill(int milliseconds);

  InterruptGuard
      guard_;  // first member, so destroyed last: a recorded signal takes effect on a restored terminal
  termios former_{};
  KeyDecoder& decoder_;
};

}  // namespace ktx::cli
