#pragma once

#include <termios.h>

#include "ktx/util/interrupt.hpp"
#include "prompt/keys.hpp"

namespace ktx::cli {

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
