#include "ktx/util/detached.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <memory>
#include <system_error>

#include "ktx/util/error.hpp"
#include "ktx/util/json.hpp"

namespace ktx {
namespace {

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// What posix_spawn does in the child before its program starts: streams, session, signals.
class Preparation {
 public:
  Preparation(int output, int starter) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
    ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, output, STDERR_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, starter, starter_descriptor);
    // The starter may block or ignore signals, and both are inherited: a daemon that ignores SIGTERM could
    // not be stopped.
    sigset_t signals;
    ::sigemptyset(&signals);
    ::posix_spawnattr_setsigmask(&attributes_, &signals);
    for (const int signal : {SIGHUP, SIGINT, SIGPIPE, SIGTERM}) ::sigaddset(&signals, signal);
    ::posix_spawnattr_setsigdefault(&attributes_, &signals);
    ::posix_spawnattr_setflags(&attributes_,
                               POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  }
  Preparation(const Preparation&) = delete;
  Preparation& operator=(const Preparation&) = delete;
  ~Preparation() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }

  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

}  // namespace

FileDescriptor start_detached(const DetachedCommand& command) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw system_error("Cannot open", "a pipe", errno);
  FileDescriptor ours(ends[0]);
  // Above `starter_descriptor`: dup2 onto the same number would do nothing and leave close-on-exec set.
  const FileDescriptor theirs(::fcntl(ends[1], F_DUPFD_CLOEXEC, starter_descriptor + 1));
  // The starter must not hold a writing end itself, or it would never see the end of the pipe.
  ::close(ends[1]);
  if (!theirs) throw system_error("Cannot open", "a pipe", errno);
  const Preparation preparation(command.output, theirs.value());
  std::vector<std::string> arguments = command.argv;
  std::vector<std::string> variables;
  for (const auto& [name, value] : command.environment)
    variables.emplace_back(name).append("=").append(value);
  pid_t pid = 0;
  const int failure =
      ::posix_spawn(&pid, command.argv.front().c_str(), preparation.actions(), preparation.attributes(),
                    pointers_to(arguments).data(), pointers_to(variables).data());
  if (failure != 0) throw system_error("Cannot start", command.argv.front(), failure);
  return ours;
}

std::string told_by_child(const FileDescriptor& pipe) {
  std::string text;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t count = ::read(pipe.value(), buffer.data(), buffer.size());
    if (count > 0) text.append(buffer.data(), static_cast<std::size_t>(count));
    if (count == 0 || (count < 0 && errno != EINTR)) return text;
  }
}

FileDescriptor open_new_log(const std::filesystem::path& log) {
  constexpr int kept = 5;
  std::error_code ignored;  // a missing file is not moved
  for (int number = kept - 1; number >= 0; --number) {
    const std::string from = log.string() + (number == 0 ? "" : "." + std::to_string(number));
    std::filesystem::rename(from, log.string() + "." + std::to_string(number + 1), ignored);
  }
  FileDescriptor file(
      ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) throw system_error("Cannot write", log.string(), errno);
  return file;
}

void close_inherited_descriptors() {
  const std::unique_ptr<DIR, int (*)(DIR*)> listing(::opendir("/proc/self/fd"), ::closedir);
  if (!listing) return;
  // Collected first: closing descriptors while the folder is read would change what it lists.
  std::vector<int> descriptors;
  for (const dirent* entry = ::readdir(listing.get()); entry != nullptr; entry = ::readdir(listing.get())) {
    int number = 0;
    const auto* end = entry->d_name + std::strlen(entry->d_name);
    if (std::from_chars(entry->d_name, end, number).ptr == end) descriptors.push_back(number);
  }
  for (const int descriptor : descriptors) {
    if (descriptor > starter_descriptor && descriptor != ::dirfd(listing.get())) ::close(descriptor);
  }
}

void settle_in_background() {
  close_inherited_descriptors();
  // A client that goes away, or a closed terminal, must not end it.
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGHUP, SIG_IGN);
  if (::chdir("/") != 0) throw Error(ErrorKind::io, "Cannot enter /");
}

// The read end of the pipe is open. `events` is 0 because POLLERR is reported in any case.
bool starter_waits() {
  pollfd starter{.fd = starter_descriptor, .events = 0, .revents = 0};
  return ::poll(&starter, 1, 0) <= 0 || (starter.revents & (POLLERR | POLLNVAL)) == 0;
}

void tell_starter(const Error& error) {
  const std::string message =
      compact_json({{"message", error.message()}, {"fix", error.fix()}, {"details", error.details()}});
  // A starter that is gone cannot be told.
  [[maybe_unused]] const ssize_t count = ::write(starter_descriptor, message.data(), message.size());
}

}  // namespace ktx
