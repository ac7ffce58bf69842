#include "ktx/util/environment.hpp"

#include <pwd.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/auxv.h>
#endif

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <string>
#include <string_view>

#ifdef __APPLE__
extern char** environ;  // no header of macOS declares it
#endif

namespace ktx {
namespace {

std::map<std::string, std::string> process_variables() {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    if (const auto equals = text.find('='); equals != std::string_view::npos) {
      variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return variables;
}

std::filesystem::path home_directory(const Environment& environment) {
  std::filesystem::path home = environment.variable("HOME").value_or("");
  // A relative one would be another folder for every working directory.
  if (home.is_absolute()) return home;
  // A service or a container may start without HOME; the user database still knows the folder.
  const passwd* user = ::getpwuid(::geteuid());
  return user != nullptr && user->pw_dir != nullptr ? user->pw_dir : "";
}

constexpr Platform build_platform() {
#if defined(__APPLE__)
  return Platform::macos;
#elif defined(_WIN32)
  return Platform::windows;
#else
  return Platform::linux_like;
#endif
}

// Empty if it cannot be told.
std::filesystem::path own_program() {
  std::error_code failure;
  auto program = std::filesystem::read_symlink("/proc/self/exe", failure);
#ifdef __linux__
  // Without /proc, as in some containers: what the kernel was asked to run.
  if (failure) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the kernel hands an address over as a number
    const auto* const asked = reinterpret_cast<const char*>(::getauxval(AT_EXECFN));
    program = std::filesystem::canonical(asked != nullptr ? asked : "", failure);
  }
#endif
  return failure ? std::filesystem::path() : program;
}

}  // namespace

Environment Environment::current() {
  Environment environment;
  environment.variables = process_variables();
  environment.platform = build_platform();
  environment.home = home_directory(environment);
  // Programs that ktx starts look for their own files in the same home.
  if (environment.variable("HOME")) environment.variables["HOME"] = environment.home.string();
  // A deleted working directory leaves the path empty, to be reported where it is used.
  std::error_code ignored;
  environment.directory = std::filesystem::current_path(ignored);
  environment.executable = own_program();
  environment.host = host_name();
  return environment;
}

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::optional<std::string> Environment::variable(const std::string& name) const {
  const auto found = variables.find(name);
  if (found == variables.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

std::string format_timestamp(std::chrono::system_clock::time_point time) {
  using std::chrono::floor;
  const auto seconds = floor<std::chrono::seconds>(time);
  const auto milliseconds = floor<std::chrono::milliseconds>(time - seconds).count();
  const std::time_t clock = std::chrono::system_clock::to_time_t(seconds);
  std::tm parts{};
  ::gmtime_r(&clock, &parts);
  std::array<char, 32> date{};
  std::strftime(date.data(), date.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%s.%03dZ", date.data(), static_cast<int>(milliseconds));
  return text.data();
}

std::vector<std::filesystem::path> path_directories(const Environment& environment) {
  std::vector<std::filesystem::path> directories;
  const std::string text = environment.variable("PATH").value_or("");
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find(':', start), text.size());
    std::filesystem::path directory = text.substr(start, end - start);
    // An empty or relative entry means the working directory, where anybody may have put a program.
    if (directory.is_absolute()) directories.push_back(std::move(directory));
    start = end + 1;
  }
  return directories;
}

bool is_executable_file(const std::filesystem::path& path) {
  std::error_code ignored;
  // access(2) alone would accept a folder: its x bit means that it may be entered.
  return std::filesystem::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0;
}

std::optional<std::filesystem::path> find_program(const Environment& environment, const std::string& name) {
  for (const std::filesystem::path& directory : path_directories(environment)) {
    if (is_executable_file(directory / name)) return directory / name;
  }
  return std::nullopt;
}

}  // namespace ktx
