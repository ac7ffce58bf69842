#pragma once

namespace ktx {

/// SIGINT and SIGTERM.
///
/// After `exit_on_interrupt` a signal ends the process at once with 130 or 143. While an
/// `InterruptGuard` is alive it is only recorded, so that work can be undone first:
/// `throw_if_interrupted` turns it into an `interrupted` error at a point where that is safe.

/// From here on, SIGINT and SIGTERM end the process by `_exit(130)` and `_exit(143)`.
void exit_on_interrupt();

/// While one is alive, SIGINT and SIGTERM are recorded. Guards nest. A signal that was recorded but never
/// thrown takes its former effect when the last guard goes.
class InterruptGuard {
 public:
  InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;
  ~InterruptGuard();
};

/// Throws an `interrupted` error when a signal has been recorded.
void throw_if_interrupted();

/// A descriptor that is readable once a signal has been recorded, to be watched by `poll` beside what is
/// being waited for. Owned by this module; nobody reads from it. Needs a guard that is alive.
int interrupt_descriptor();

/// 130 after SIGINT, 143 after SIGTERM: the exit code of a process that ends because of it.
int interrupt_exit_code();

}  // namespace ktx
