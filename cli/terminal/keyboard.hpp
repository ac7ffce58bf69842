#pragma once

#include <termios.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ktx/util/interrupt.hpp"

namespace ktx::cli {

/// What a key on the keyboard means to a question.
enum class KeyKind : std::uint8_t {
  text,  ///< a character; `Key::text` has it
  enter,
  escape,  ///< Shift-Tab too: it goes back
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
  other,         ///< known to be a key, and of no use
};

struct Key {
  KeyKind kind = KeyKind::other;
  std::string text;

  bool operator==(const Key&) const = default;
};

/// What a key answers to a question of yes or no, whose usual answer is `initial`; nothing when it is none.
std::optional<bool> yes_or_no_of(const Key& key, bool initial);

/// Turns the bytes that a terminal sends into keys. A sequence may arrive in pieces. Of what is pasted, where
/// the terminal marks that, only the text counts: a line break in it is not Enter.
class KeyDecoder {
 public:
  void add(std::string_view bytes) { bytes_ += bytes; }

  /// The next key, or nothing while one has only begun. `all_here` says that no more bytes come soon: then
  /// an ESC by itself is the key Escape.
  std::optional<Key> next(bool all_here);

  /// Whether a key has begun and its end is missing.
  bool is_waiting() const { return !bytes_.empty(); }

 private:
  std::optional<Key> next_sequence(bool all_here);
  std::optional<Key> next_character(bool all_here);
  Key key_of(std::string_view sequence);

  bool is_pasted_ = false;
  std::string bytes_;
};

/// The keyboard of the terminal at stdin, key by key and without echo, while this lives. The terminal is as
/// it was afterwards, whatever ends it: an answer, an error, or SIGINT (Ctrl-C), SIGTERM and SIGHUP, which
/// `read` turns into an `interrupted` error. Ctrl-Z and Ctrl-\ do nothing meanwhile.
class Keyboard {
 public:
  /// What was typed ahead of a question is in `decoder`, which outlives this. Throws an `io` error when stdin
  /// is no terminal.
  explicit Keyboard(KeyDecoder& decoder);
  Keyboard(const Keyboard&) = delete;
  Keyboard& operator=(const Keyboard&) = delete;
  ~Keyboard();

  /// Waits for the next key. Throws `interrupted` on a signal and when the terminal is gone.
  Key read();

 private:
  /// Whether bytes came within `milliseconds`; -1 waits for as long as it takes.
  bool fill(int milliseconds);

  InterruptGuard guard_;  // goes last: a signal takes effect on a terminal that is as it was
  termios former_{};
  KeyDecoder& decoder_;
};

}  // namespace ktx::cli
