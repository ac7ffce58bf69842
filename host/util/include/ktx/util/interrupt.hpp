#pragma once

namespace ktx {

/// SIGINT, SIGTERM and SIGHUP (the terminal was closed; ignored where the process was started so, by nohup).
///
/// After `exit_on_interrupt` a signal ends the process at once with 130, 143 or 129. While an
/// `InterruptGuard` is alive it is only recorded, so that work can be undone first:
/// `throw_if_interrupted` turns it into an `interrupted` error at a point where that is safe.

/// From here on, each of the signals ends the process by `_exit(128 + its number)`.
void exit_on_interrupt();

/// While one is alive, the signals are recorded. Guards nest. A signal that was recorded but never
/// thrown takes its former effect when the last guard goes.
class InterruptGuard {
 public:
  InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;
  ~InterruptGuard();
};

/// A guard for work that another process does for this one, such as a statement in a database, and that
/// should be ended there too. The first signal is recorded, and the process then has 2 seconds to end that
/// work; after these, or with a second signal, it ends by `_exit` as without a guard. Inside another guard,
/// the outer guard's rule holds.
class InterruptGrace {
 public:
  InterruptGrace();
  InterruptGrace(const InterruptGrace&) = delete;
  InterruptGrace& operator=(const InterruptGrace&) = delete;
  ~InterruptGrace();
};

/// While one is alive, a signal that ends the process at once first writes `text` to stderr: what takes a
/// line away that is shown only meanwhile. One at a time; `text` must outlive the process's handlers, as a
/// literal does.
class LastWords {
 public:
  explicit LastWords(const char* text);
  LastWords(const LastWords&) = delete;
  LastWords& operator=(const LastWords&) = delete;
  ~LastWords();
};

/// Throws an `interrupted` error when a signal has been recorded.
void throw_if_interrupted();

/// `interrupt_descriptor` if the outermost guard is an `InterruptGrace`, else -1: work that another process
/// does is then not waited for after a signal.
int grace_descriptor();

/// A descriptor that becomes readable when a signal is recorded, for `poll` beside other descriptors. Owned
/// by this module; nobody reads from it. Needs a guard that is alive.
int interrupt_descriptor();

/// The exit code of a process that ends because of the signal: 130 after SIGINT, 143 after SIGTERM, 129 after
/// SIGHUP.
int interrupt_exit_code();

}  // namespace ktx
