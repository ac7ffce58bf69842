#include "spawn.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

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

class SpawnSettings {
 public:
  SpawnSettings(const Command& command, int in, int out, int err) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_adddup2(&actions_, in, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, out, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, err, STDERR_FILENO);
    if (!command.directory.empty()) {
      ::posix_spawn_file_actions_addchdir_np(&actions_, command.directory.c_str());
    }
    ::posix_spawnattr_init(&attributes_);
    // An ignored SIGPIPE is inherited, and breaks programs that rely on dying of it.
    sigset_t defaults;
    sigemptyset(&defaults);
    for (const int signal : {SIGPIPE, SIGINT, SIGTERM}) sigaddset(&defaults, signal);
    ::posix_spawnattr_setsigdefault(&attributes_, &defaults);
    // A group of its own, so that what the child starts can be ended together with it.
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

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
  const SpawnSettings settings(command, in.reader.value(), out.writer.value(), err.writer.value());
  std::vector<std::string> argument_texts = command.argv;
  std::vector<std::string> variables = variable_texts(command);
  Child child;
  child.start_error =
      ::posix_spawn(&child.pid, command.argv.front().c_str(), settings.actions(), settings.attributes(),
                    null_terminated(argument_texts).data(), null_terminated(variables).data());
  if (child.start_error != 0) return child;
  child.exited = process_descriptor(child.pid);
  child.in = without_blocking(std::move(in.writer));
  child.out = without_blocking(std::move(out.reader));
  child.err = without_blocking(std::move(err.reader));
  return child;
}

}  // namespace ktx
