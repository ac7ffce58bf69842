#include "child.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <system_error>

#include "ktx/util/filesystem.hpp"

namespace ktx::test {
namespace {

constexpr int cannot_start = 127;

bool redirect(const std::string& path, int descriptor, int flags) {
  if (path == "-") return ::close(descriptor) == 0;
  const int file = ::open(path.c_str(), flags, 0600);
  return file >= 0 && ::dup2(file, descriptor) == descriptor;
}

[[noreturn]] void become(const Child& child, const std::filesystem::path& files) {
  const std::string out = child.out_path.empty() ? (files / "out").string() : child.out_path;
  const bool redirected = redirect(files / "in", STDIN_FILENO, O_RDONLY) &&
                          redirect(out, STDOUT_FILENO, O_WRONLY | O_CREAT) &&
                          redirect(files / "err", STDERR_FILENO, O_WRONLY | O_CREAT);
  if (!redirected || ::chdir(child.directory.c_str()) != 0) ::_exit(cannot_start);
  for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, SIG_DFL);  // a background job ignores SIGINT
  for (const auto& [name, value] : child.environment) ::setenv(name.c_str(), value.c_str(), 1);
  std::vector<char*> arguments;
  for (const std::string& argument : child.arguments)
    arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  ::execv(arguments[0], arguments.data());
  ::_exit(cannot_start);
}

}  // namespace

ChildResult run(const Child& child) {
  const TemporaryDirectory files;
  write_file(files.path() / "in", child.input);
  const pid_t pid = ::fork();
  if (pid < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (pid == 0) become(child, files.path());
  int status = 0;
  ::waitpid(pid, &status, 0);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
          read_file_if_exists(files.path() / "out").value_or(""), read_file(files.path() / "err")};
}

TemporaryDirectory::TemporaryDirectory() {
  std::string name = std::filesystem::temp_directory_path() / "ktx-test-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) throw std::system_error(errno, std::generic_category(), name);
  path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void write_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

}  // namespace ktx::test
