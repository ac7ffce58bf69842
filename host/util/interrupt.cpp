#include "ktx/util/interrupt.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"

namespace ktx {
namespace {

constexpr std::array signals = {SIGINT, SIGTERM, SIGHUP};
constexpr unsigned int grace_seconds = 2;

// Signal dispositions belong to the process, and so does this state.
std::atomic<int> recorded_signal = 0;
std::atomic<int> wake_descriptor = -1;
std::atomic<bool> thrown = false;
std::atomic<int> guards = 0;  // of all threads; the outermost outlives those in other threads
bool is_grace = false;        // whether the outermost guard is one
std::array<struct sigaction, signals.size()> former_actions;

int exit_code_of(int signal) { return 128 + signal; }

struct WakePipe {
  FileDescriptor reader;
  FileDescriptor writer;
};

// Both ends are non-blocking: the handler must never wait, and `forget_recorded` reads until the pipe is
// empty.
WakePipe& wake_pipe() {
  static WakePipe pipe = [] {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) throw system_error("Cannot open", "a pipe", errno);
    return WakePipe{FileDescriptor(ends[0]), FileDescriptor(ends[1])};
  }();
  return pipe;
}

std::atomic<const char*> last_words = nullptr;

// Only calls that a signal handler may make.
[[noreturn]] void leave_with(int code) {
  if (const char* const words = last_words) {
    [[maybe_unused]] const ssize_t count = ::write(STDERR_FILENO, words, std::strlen(words));
  }
  ::_exit(code);
}

extern "C" void leave_at_once(int signal) { leave_with(exit_code_of(signal)); }

extern "C" void record(int signal) {
  // The handler may run between a system call and the look at its errno.
  const int saved = errno;
  recorded_signal = signal;
  const char byte = 0;
  // A full pipe has woken its reader already.
  [[maybe_unused]] const ssize_t count = ::write(wake_descriptor, &byte, 1);
  errno = saved;
}

// _exit, not exit: in a signal handler no destructor and no atexit function may run.
extern "C" void leave_late(int /*alarm*/) { leave_with(exit_code_of(recorded_signal)); }

extern "C" void record_first(int signal) {
  if (recorded_signal != 0) leave_at_once(signal);
  ::alarm(grace_seconds);
  record(signal);
}

// `nohup ktx …` asks for SIGHUP to be ignored, so its handler is not installed.
bool is_wanted(int signal) {
  struct sigaction now {};
  return signal != SIGHUP || ::sigaction(signal, nullptr, &now) != 0 || now.sa_handler != SIG_IGN;
}

void install(void (*handler)(int), std::array<struct sigaction, signals.size()>* former) {
  struct sigaction action {};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < signals.size(); ++i) {
    if (former != nullptr) ::sigaction(signals[i], nullptr, &(*former)[i]);
    if (is_wanted(signals[i])) ::sigaction(signals[i], &action, nullptr);
  }
}

void forget_recorded() {
  std::array<char, 16> bytes{};
  while (::read(wake_pipe().reader.value(), bytes.data(), bytes.size()) > 0) {
  }
  recorded_signal = 0;
  thrown = false;
}

void enter(void (*handler)(int)) {
  wake_descriptor = wake_pipe().writer.value();  // before it counts: this can throw
  if (guards++ > 0) return;
  forget_recorded();
  is_grace = handler == record_first;
  install(handler, &former_actions);
}

void leave() {
  if (--guards > 0) return;
  for (std::size_t i = 0; i < signals.size(); ++i) ::sigaction(signals[i], &former_actions[i], nullptr);
  // Nobody asked for it in time, so it takes the effect that it would have had without the guard.
  if (const int signal = recorded_signal; signal != 0 && !thrown) ::raise(signal);
}

}  // namespace

void exit_on_interrupt() { install(leave_at_once, nullptr); }

InterruptGuard::InterruptGuard() { enter(record); }
InterruptGuard::~InterruptGuard() { leave(); }

InterruptGrace::InterruptGrace() {
  std::signal(SIGALRM, leave_late);
  enter(record_first);
}
// The alarm is not cancelled: after a signal the process has this much time in all, whatever it does.
InterruptGrace::~InterruptGrace() { leave(); }

LastWords::LastWords(const char* text) { last_words = text; }
LastWords::~LastWords() { last_words = nullptr; }

void throw_if_interrupted() {
  if (recorded_signal == 0) return;
  thrown = true;
  throw Error(ErrorKind::interrupted, "Interrupted");
}

int interrupt_descriptor() { return wake_pipe().reader.value(); }

int grace_descriptor() { return guards > 0 && is_grace ? interrupt_descriptor() : -1; }

int interrupt_exit_code() { return exit_code_of(recorded_signal != 0 ? recorded_signal.load() : SIGINT); }

}  // namespace ktx
