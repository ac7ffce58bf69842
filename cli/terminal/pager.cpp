#include "ktx/terminal/pager.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <vector>

#include "ktx/terminal/shown_text.hpp"
#include "ktx/terminal/text_width.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/interrupt.hpp"

namespace ktx::cli {
namespace {

bool is_on_path(const Environment& environment, const std::string& program) {
  const std::string path = environment.variable("PATH").value_or("");
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find(':', begin), path.size());
    const std::filesystem::path file = std::filesystem::path(path.substr(begin, end - begin)) / program;
    // Only absolute entries: what a relative one finds depends on the working directory.
    if (file.is_absolute() && ::access(file.c_str(), X_OK) == 0) return true;
    begin = end + 1;
  }
  return false;
}

// Whether the text takes more lines than the screen has, with one left for the prompt of the shell.
bool is_longer_than_screen(std::string_view text, const Terminal& terminal) {
  const std::size_t rows = terminal.out_rows();
  const std::size_t columns = terminal.out_columns();
  std::size_t lines = 0;
  while (!text.empty() && lines < rows) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    // Escape sequences for colours count as cells here. An overestimate only starts the pager early.
    lines += std::max<std::size_t>(1, (display_width(text.substr(0, end)) + columns - 1) / columns);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines >= rows;
}

// `exec` replaces the shell by a simple command. Otherwise Ctrl-C would also end the shell, and with it the
// wait for the pager.
std::string shell_words(const std::string& pager) {
  constexpr const char* needs_shell = "|&;<>()$`\\\"'*?[#~=%\n";
  return pager.find_first_of(needs_shell) == std::string::npos ? "exec " + pager : pager;
}

std::vector<std::string> pager_variables(const Environment& environment) {
  auto variables = environment.variables;
  // As git sets them: quit if all fits on the screen, pass colours on, leave the text there.
  variables.try_emplace("LESS", "FRX");
  variables.try_emplace("LV", "-c");
  std::vector<std::string> texts;
  for (const auto& [name, value] : variables) texts.emplace_back(name).append("=").append(value);
  return texts;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// While the pager runs, Ctrl-C and Ctrl-\ belong to it. Restores the terminal afterwards, in case the pager
// died.
class PagerTurn {
 public:
  PagerTurn() : has_settings_(::tcgetattr(STDIN_FILENO, &settings_) == 0) {
    struct sigaction ignore {};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGINT, &ignore, &interrupt_);
    ::sigaction(SIGQUIT, &ignore, &quit_);
  }
  PagerTurn(const PagerTurn&) = delete;
  PagerTurn& operator=(const PagerTurn&) = delete;
  ~PagerTurn() {
    if (has_settings_) ::tcsetattr(STDIN_FILENO, TCSADRAIN, &settings_);
    ::sigaction(SIGQUIT, &quit_, nullptr);
    ::sigaction(SIGINT, &interrupt_, nullptr);
  }

 private:
  termios settings_{};
  bool has_settings_;
  struct sigaction interrupt_ {};
  struct sigaction quit_ {};
};

struct Pipe {
  FileDescriptor reader;
  FileDescriptor writer;
};

Pipe open_pager_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw system_error("Cannot open", "a pipe", errno);
  // A blocking write could not be interrupted while the user reads the first page.
  ::fcntl(ends[1], F_SETFL, O_NONBLOCK);
  return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

// Returns 0, or the errno of a failed start. `input` becomes the stdin of the pager. `ProcessRunner` cannot
// be used: its children have a process group of their own, and a terminal stops such a process as soon as it
// reads a key.
int start_pager(const std::string& pager, const Environment& environment, int input, pid_t& pid) {
  std::vector<std::string> words = {"/bin/sh", "-c", shell_words(pager)};
  std::vector<std::string> variables = pager_variables(environment);
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
  sigset_t defaults;
  sigemptyset(&defaults);
  // Ignored signals are inherited: the pager must not inherit what `PagerTurn` and `Terminal` ignore.
  for (const int signal : {SIGINT, SIGQUIT, SIGPIPE, SIGTERM, SIGHUP}) sigaddset(&defaults, signal);
  ::posix_spawnattr_setsigdefault(&attributes, &defaults);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  const int failure = ::posix_spawn(&pid, words[0].c_str(), &files, &attributes, pointers_to(words).data(),
                                    pointers_to(variables).data());
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&files);
  return failure;
}

// A running pager. The destructor ends it and waits for it.
class RunningPager {
 public:
  explicit RunningPager(pid_t pid)
      : pid_(pid), exited_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))) {}
  RunningPager(const RunningPager&) = delete;
  RunningPager& operator=(const RunningPager&) = delete;
  ~RunningPager() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGTERM);
    reap();
  }

  // Writes the text to it, until it reads no more.
  void feed(FileDescriptor writer, std::string_view text) const {
    while (!text.empty()) {
      await(writer.value(), POLLOUT);
      const ssize_t count = ::write(writer.value(), text.data(), text.size());
      if (count >= 0) {
        text.remove_prefix(static_cast<std::size_t>(count));
      } else if (errno != EINTR && errno != EAGAIN) {
        return;  // EPIPE: the reader has quit
      }
    }
  }

  // Waits for its end. Returns its exit code, or 0 if a signal ended it.
  int wait() {
    if (exited_) await(exited_.value(), POLLIN);
    const int status = reap();
    return WIFEXITED(status) ? WEXITSTATUS(status) : 0;
  }

 private:
  // Waits until the descriptor is ready. Throws an `interrupted` error if a signal arrives first.
  static void await(int descriptor, short events) {
    std::array<pollfd, 2> watched = {{{descriptor, events, 0}, {interrupt_descriptor(), POLLIN, 0}}};
    while (watched[0].revents == 0) {
      if (::poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) return;
      throw_if_interrupted();
    }
  }

  int reap() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return status;
  }

  pid_t pid_;
  FileDescriptor exited_;  ///< a pidfd; empty if the kernel has none (before Linux 5.3)
};

// Returns whether the pager ran, whatever it then did.
bool run_pager(const std::string& pager, const Environment& environment, std::string_view text) {
  constexpr int cannot_be_run =
      126;  // and 127: the codes of a shell for a file that is no program, or does not exist
  const InterruptGuard guard;
  const PagerTurn turn;
  Pipe pipe = open_pager_pipe();
  pid_t pid = -1;
  if (start_pager(pager, environment, pipe.reader.value(), pid) != 0) return false;
  // Or a pager that quits would leave a reader, and writing would block for ever.
  pipe.reader.reset();
  RunningPager running(pid);
  running.feed(std::move(pipe.writer), text);
  const int code = running.wait();
  return code != cannot_be_run && code != cannot_be_run + 1;
}

}  // namespace

std::optional<std::string> choose_pager(const Environment& environment) {
  for (const char* name : {"KTX_PAGER", "PAGER"}) {
    // Not `variable()`: an empty PAGER is a choice, to have no pager.
    const auto set = environment.variables.find(name);
    if (set == environment.variables.end()) continue;
    const std::string& pager = set->second;
    if (pager == "cat" || pager.find_first_not_of(' ') == std::string::npos) return std::nullopt;
    return pager;
  }
  if (can_only_append(environment) || !is_on_path(environment, "less")) return std::nullopt;
  return "less";
}

void Screen::show(std::string_view text) const { show_bytes(shown(text, terminal.out_style().colour())); }

void Screen::show_bytes(std::string_view text) const {
  if (!no_pager && terminal.out_is_terminal() && terminal.in_is_terminal() &&
      is_longer_than_screen(text, terminal)) {
    if (const auto pager = choose_pager(environment)) {
      if (run_pager(*pager, environment, text)) return;
      note("The pager \"" + printable(*pager) + "\" cannot be run (KTX_PAGER, PAGER)\n");
    }
  }
  terminal.out_bytes(text);
}

}  // namespace ktx::cli
