#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ktx {

enum class Platform { linux_like, macos, windows };

/// The surroundings of a process, captured once in `main` and passed down. Nothing below `cli/` asks the
/// operating system for them, so a test describes any machine by filling in a value.
struct Environment {
  std::map<std::string, std::string> variables;
  Platform platform = Platform::linux_like;
  std::filesystem::path home;        ///< the user's home directory, absolute; empty when unknown
  std::filesystem::path directory;   ///< the working directory, absolute
  std::filesystem::path executable;  ///< this program's own file, links resolved
  std::string host;                  ///< this machine's, or this container's, name
  uid_t user = ::geteuid();          ///< who this process may act as
  std::function<std::chrono::system_clock::time_point()> now = std::chrono::system_clock::now;

  /// The surroundings of this process.
  static Environment current();

  /// The variable's value; std::nullopt if it is unset or empty.
  std::optional<std::string> variable(const std::string& name) const;
};

/// The name of this machine or container; empty when it has none.
std::string host_name();

/// UTC, ISO 8601 with milliseconds: "2026-05-11T00:00:00.000Z".
std::string format_timestamp(std::chrono::system_clock::time_point time);

/// The absolute directories of PATH, in order.
std::vector<std::filesystem::path> path_directories(const Environment& environment);

/// Whether `path` is a file that this user may run.
bool is_executable_file(const std::filesystem::path& path);

/// The first program of that name on PATH; std::nullopt if there is none.
std::optional<std::filesystem::path> find_program(const Environment& environment, const std::string& name);

}  // namespace ktx
