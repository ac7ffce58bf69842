#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace ktx::test {

/// How a child process ended and what it wrote.
struct ChildResult {
  int exit_code = -1;  ///< 128 + the signal's number when a signal ended it, as a shell reports it
  std::string out;
  std::string err;
};

/// What a child process is started with.
struct Child {
  std::vector<std::string> arguments;              ///< the program's path first
  std::map<std::string, std::string> environment;  ///< added to this process's own
  std::filesystem::path directory = "/";
  std::string input;
  std::string out_path;  ///< where stdout goes instead of into the result ("/dev/full"); "-" closes it
};

/// Runs the child to its end.
ChildResult run(const Child& child);

/// An empty directory of this test's own, removed with the object.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory();

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Writes `text` to `path`, replacing what was there.
void write_file(const std::filesystem::path& path, const std::string& text);

}  // namespace ktx::test
