#include "spawn.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

#include <array>
#include <cerrno>
#include <csignal>

#include "ktx/util/error.hpp"

namespace ktx {
namespace {

struct Pipe {
  FileDescriptor reader;
  FileDescriptor writer;
};

Pipe open_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw system_error("Cannot open", "a pipe", errno);
  return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

/// A socket pair rather than a pipe: writing to one whose reader is gone need not raise SIGPIPE.
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

/// What the child needs after the fork, where nothing may be allocated any more.
struct Start {
  const char* program = nullptr;
  char* const* arguments = nullptr;
  char* const* variables = nullptr;
  const char* directory = nullptr;  ///< null: ours
  std::array<int, 3> streams{};     ///< become stdin, stdout and stderr
  int report = -1;                  ///< takes the errno of a start that fails; closed by one that succeeds
  pid_t parent = -1;
};

/// dup2 leaves a descriptor that is in place already as it is, and so to be closed by execve.
bool put_in_place(int from, int to) {
  return from == to ? ::fcntl(to, F_SETFD, 0) == 0 : ::dup2(from, to) == to;
}

/// An ignored SIGPIPE is inherited, and breaks programs that rely on dying of it.
void reset_signals() {
  for (const int signal : {SIGPIPE, SIGINT, SIGTERM, SIGHUP}) ::signal(signal, SIG_DFL);
}

/// What ktx started ends with it, even when ktx is killed: nothing writes beside the next install.
void end_with(pid_t parent) {
#ifdef __linux__
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);
#else
  (void)parent;
#endif
}

/// The child's part. A group of its own, so that what it starts can be ended together with it.
[[noreturn]] void become(const Start& start) {
  end_with(start.parent);
  reset_signals();
  const bool ready = ::setpgid(0, 0) == 0 && put_in_place(start.streams[0], STDIN_FILENO) &&
                     put_in_place(start.streams[1], STDOUT_FILENO) &&
                     put_in_place(start.streams[2], STDERR_FILENO) &&
                     (start.directory == nullptr || ::chdir(start.directory) == 0);
  if (ready) ::execve(start.program, start.arguments, start.variables);
  const int reason = errno;
  [[maybe_unused]] const ssize_t count = ::write(start.report, &reason, sizeof reason);
  ::_exit(127);
}

/// 0 when the child runs its program, else the errno of what failed. Waits until that is known.
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

}  // namespace

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
  report.writer.reset();
  child.start_error = start_error(report.reader.value());
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

}  // namespace ktx
