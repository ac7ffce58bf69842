#include "ktx/util/subprocess.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>
#include <system_error>

#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/interrupt.hpp"

#ifdef __linux__
#include <sys/prctl.h>
#endif

namespace ktx {
namespace {

// A started child and our ends of its three streams, all of them non-blocking.
struct Child {
  pid_t pid = -1;
  FileDescriptor exited;  ///< a pidfd: readable when the child has ended
  FileDescriptor in;
  FileDescriptor out;
  FileDescriptor err;
  int start_error = 0;  ///< the errno when it could not be started
};

struct Pipe {
  FileDescriptor reader;
  FileDescriptor writer;
};

Pipe open_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw system_error("Cannot open", "a pipe", errno);
  return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

// A socket pair and not a pipe: send(2) can suppress SIGPIPE when the reader is gone, write(2) cannot.
Pipe open_input() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    throw system_error("Cannot open", "a socket pair", errno);
  }
  return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

FileDescriptor without_blocking(FileDescriptor file) {
  ::fcntl(file.value(), F_SETFL, O_NONBLOCK);
  return file;
}

// What the child needs between fork and execve, where nothing may be allocated: another thread may have held
// the allocator's lock when the process was copied.
struct Start {
  const char* program = nullptr;
  char* const* arguments = nullptr;
  char* const* variables = nullptr;
  const char* directory = nullptr;  ///< null: ours
  std::array<int, 3> streams{};     ///< become stdin, stdout and stderr
  int report = -1;                  ///< takes the errno of a start that fails; closed by one that succeeds
  pid_t parent = -1;
};

// dup2 onto the same number does nothing, and so leaves close-on-exec set.
bool put_in_place(int from, int to) {
  return from == to ? ::fcntl(to, F_SETFD, 0) == 0 : ::dup2(from, to) == to;
}

// Ignored signals stay ignored across execve, and programs rely on dying of SIGPIPE.
void reset_signals() {
  for (const int signal : {SIGPIPE, SIGINT, SIGTERM, SIGHUP}) ::signal(signal, SIG_DFL);
}

// The child is killed when ktx ends, even by SIGKILL: a uv that went on would write beside the next install.
void end_with(pid_t parent) {
#ifdef __linux__
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  // The parent may have ended before prctl took effect.
  if (::getppid() != parent) ::_exit(1);
#else
  (void)parent;
#endif
}

// The child's part. It gets a process group of its own, so that whatever it starts can be ended with it.
[[noreturn]] void become(const Start& start) {
  end_with(start.parent);
  reset_signals();
  const bool ready = ::setpgid(0, 0) == 0 && put_in_place(start.streams[0], STDIN_FILENO) &&
                     put_in_place(start.streams[1], STDOUT_FILENO) &&
                     put_in_place(start.streams[2], STDERR_FILENO) &&
                     (start.directory == nullptr || ::chdir(start.directory) == 0);
  if (ready) ::execve(start.program, start.arguments, start.variables);
  // Only a failed start gets here: execve closes `report`, and the parent then reads nothing.
  const int reason = errno;
  [[maybe_unused]] const ssize_t count = ::write(start.report, &reason, sizeof reason);
  ::_exit(127);
}

// 0 when the child runs its program, else the errno of what failed. Waits until that is known.
int start_error(int report) {
  int reason = 0;
  ssize_t count = 0;
  do {
    count = ::read(report, &reason, sizeof reason);
  } while (count < 0 && errno == EINTR);
  return count == sizeof reason ? reason : 0;
}

std::vector<char*> null_terminated(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> variable_texts(const Command& command) {
  std::vector<std::string> texts;
  texts.reserve(command.environment.size());
  for (const auto& [name, value] : command.environment) texts.emplace_back(name).append("=").append(value);
  return texts;
}

FileDescriptor process_descriptor(pid_t pid) {
  FileDescriptor descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (descriptor) return descriptor;
  const int reason = errno;
  ::kill(-pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
  throw system_error("Cannot watch", "process " + std::to_string(pid), reason);
}

Child spawn(const Command& command) {
  Pipe in = open_input();
  Pipe out = open_pipe();
  Pipe err = open_pipe();
  Pipe report = open_pipe();
  std::vector<std::string> argument_texts = command.argv;
  std::vector<std::string> variables = variable_texts(command);
  const std::vector<char*> arguments = null_terminated(argument_texts);
  const std::vector<char*> environment = null_terminated(variables);
  const Start start{.program = arguments.front(),
                    .arguments = arguments.data(),
                    .variables = environment.data(),
                    .directory = command.directory.empty() ? nullptr : command.directory.c_str(),
                    .streams = {in.reader.value(), out.writer.value(), err.writer.value()},
                    .report = report.writer.value(),
                    .parent = ::getpid()};
  Child child;
  child.pid = ::fork();
  if (child.pid == 0) become(start);
  if (child.pid < 0) {
    child.start_error = errno;
    return child;
  }
  // While this end is open, `start_error` would never see the end of the pipe.
  report.writer.reset();
  child.start_error = start_error(report.reader.value());
  // The child has called _exit, and stays a zombie until it is waited for.
  if (child.start_error != 0) {
    ::waitpid(child.pid, nullptr, 0);
    return child;
  }
  child.exited = process_descriptor(child.pid);
  child.in = without_blocking(std::move(in.writer));
  child.out = without_blocking(std::move(out.reader));
  child.err = without_blocking(std::move(err.reader));
  return child;
}

using Clock = std::chrono::steady_clock;

// Ends the child's whole process group and reaps the child, unless `wait` has done so before.
class ChildGuard {
 public:
  explicit ChildGuard(const Child& child) : pid_(child.pid), exited_(child.exited.value()) {}
  ChildGuard(const ChildGuard&) = delete;
  ChildGuard& operator=(const ChildGuard&) = delete;
  ~ChildGuard() { end(); }
  void end() {
    if (pid_ <= 0) return;
    // Time to clean up after SIGTERM.
    constexpr int grace_ms = 2000;
    ::kill(-pid_, SIGTERM);
    pollfd exited{exited_, POLLIN, 0};
    ::poll(&exited, 1, grace_ms);
    ::kill(-pid_, SIGKILL);
    wait();
  }
  int wait() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return status;
  }

 private:
  pid_t pid_;
  int exited_;
};

// One of the child's output streams, gathered and cut into lines.
class OutputStream {
 public:
  OutputStream(FileDescriptor file, std::string& text, const Command& command)
      : file_(std::move(file)), text_(text), command_(command) {}

  int descriptor() const { return file_.value(); }
  bool overflowed() const { return text_.size() > ProcessRunner::output_limit; }

  // Reads what is there; closes at the end of the stream.
  void read_available() {
    // The size of a pipe in Linux: one read empties it.
    std::array<char, 65536> buffer{};
    while (file_ && !overflowed()) {
      const ssize_t count = ::read(file_.value(), buffer.data(), buffer.size());
      if (count > 0) {
        take({buffer.data(), static_cast<std::size_t>(count)});
      } else if (count < 0 && errno == EAGAIN) {
        return;
      } else if (count == 0 || errno != EINTR) {
        file_.reset();
      }
    }
  }

 private:
  void take(std::string_view bytes) {
    text_.append(bytes);
    if (command_.on_output) command_.on_output(bytes);
    if (command_.on_line) report_lines();
  }

  void report_lines() {
    for (auto end = text_.find('\n', reported_); end != std::string::npos;
         end = text_.find('\n', reported_)) {
      command_.on_line(std::string_view(text_).substr(reported_, end - reported_));
      reported_ = end + 1;
    }
  }

  FileDescriptor file_;
  std::string& text_;
  const Command& command_;
  std::size_t reported_ = 0;
};

// Feeds the child's standard input. A child that closes it before reading everything is not an error.
class InputStream {
 public:
  InputStream(FileDescriptor file, std::string_view rest) : file_(std::move(file)), rest_(rest) {}

  int descriptor() const { return file_.value(); }

  void write_available() {
    while (file_ && !rest_.empty()) {
      const ssize_t count = ::send(file_.value(), rest_.data(), rest_.size(), MSG_NOSIGNAL);
      if (count >= 0) {
        rest_.remove_prefix(static_cast<std::size_t>(count));
      } else if (errno == EAGAIN) {
        return;
      } else if (errno != EINTR) {
        break;
      }
    }
    file_.reset();
  }

 private:
  FileDescriptor file_;
  std::string_view rest_;
};

// Milliseconds until `deadline` for `poll`: -1 for none, 0 when it has passed.
int remaining(const std::optional<Clock::time_point>& deadline) {
  if (!deadline) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - Clock::now()).count();
  return left > 0 ? static_cast<int>(left) : 0;
}

class Conversation {
 public:
  Conversation(Child& child, const Command& command, CommandResult& result)
      : exited_(child.exited.value()),
        in_(std::move(child.in), command.input),
        out_(std::move(child.out), result.out, command),
        err_(std::move(child.err), result.err, command) {
    if (command.time_limit.count() > 0) deadline_ = Clock::now() + command.time_limit;
  }

  // Serves the streams until the child has ended, or must be ended for the reason returned; std::nullopt if
  // that is a signal to ktx.
  std::optional<CommandResult::End> serve() {
    for (;;) {
      std::array<pollfd, 5> watched = {{{exited_, POLLIN, 0},
                                        {interrupt_descriptor(), POLLIN, 0},
                                        {in_.descriptor(), POLLOUT, 0},
                                        {out_.descriptor(), POLLIN, 0},
                                        {err_.descriptor(), POLLIN, 0}}};
      const int ready = ::poll(watched.data(), watched.size(), remaining(deadline_));
      if (watched[1].revents != 0) return std::nullopt;
      if (ready == 0) return CommandResult::End::timed_out;
      in_.write_available();
      // Also after the end: the pipes may still hold what the child wrote last.
      read_rest();
      if (out_.overflowed() || err_.overflowed()) return CommandResult::End::too_much_output;
      if (watched[0].revents != 0) return CommandResult::End::exited;
    }
  }

  // Reads what has been written so far, and does not wait for the end of the streams: programs that the child
  // started may hold them open longer.
  void read_rest() {
    out_.read_available();
    err_.read_available();
  }

 private:
  int exited_;
  InputStream in_;
  OutputStream out_;
  OutputStream err_;
  std::optional<Clock::time_point> deadline_;
};

void record_exit(int status, CommandResult& result) {
  const bool signalled = WIFSIGNALED(status);
  result.end = signalled ? CommandResult::End::signalled : CommandResult::End::exited;
  result.code = signalled ? WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

CommandResult ProcessRunner::run(const Command& command) {
  const InterruptGuard interrupts;
  CommandResult result;
  result.time_limit = command.time_limit;
  Child child = spawn(command);
  if (child.start_error != 0) {
    result.end = CommandResult::End::not_started;
    result.code = child.start_error;
    return result;
  }
  ChildGuard guard(child);
  Conversation conversation(child, command, result);
  const auto end = conversation.serve();
  if (end == CommandResult::End::exited) {
    record_exit(guard.wait(), result);
    return result;
  }
  guard.end();
  conversation.read_rest();  // what it printed while it was ended
  throw_if_interrupted();
  result.end = end.value_or(CommandResult::End::timed_out);
  return result;
}

std::string CommandResult::describe() const {
  switch (end) {
    case End::exited: return "exit code " + std::to_string(code);
    case End::signalled: {
      const char* name = ::sigabbrev_np(code);
      return "killed by " + (name != nullptr ? "SIG" + std::string(name) : "signal " + std::to_string(code));
    }
    case End::timed_out:
      return "no answer within " +
             std::to_string(std::chrono::duration_cast<std::chrono::seconds>(time_limit).count()) + " s";
    case End::too_much_output: return "more output than is read";
    case End::not_started: return "cannot be started: " + std::generic_category().message(code);
  }
  return "an unknown end";
}

}  // namespace ktx
