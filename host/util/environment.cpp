#include "ktx/util/environment.hpp"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <ctime>
#include <string_view>

#ifdef __APPLE__
extern char** environ;  // which no header of that system declares
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
  if (const auto home = environment.variable("HOME")) return *home;
  // A service or a container may start without HOME; the user database still knows.
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

}  // namespace

Environment Environment::current() {
  Environment environment;
  environment.variables = process_variables();
  environment.platform = build_platform();
  environment.home = home_directory(environment);
  std::error_code
      ignored;  // a deleted working directory leaves the path empty, to be reported where it is used
  environment.directory = std::filesystem::current_path(ignored);
  environment.executable = std::filesystem::read_symlink("/proc/self/exe", ignored);
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

}  // namespace ktx
