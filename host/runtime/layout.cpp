#include "ktx/runtime/layout.hpp"

#include <sys/stat.h>

#include <cctype>
#include <charconv>
#include <optional>
#include <string_view>

#include "ktx/util/digest.hpp"
#include "ktx/util/error.hpp"

namespace ktx::runtime {
namespace {

using std::filesystem::path;

bool is_absolute(std::string_view text, Platform platform) {
  if (platform != Platform::windows) return text.starts_with('/');
  const bool drive = text.size() >= 3 && std::isalpha(static_cast<unsigned char>(text[0])) != 0 &&
                     text[1] == ':' && (text[2] == '\\' || text[2] == '/');
  return drive || text.starts_with("\\\\");
}

// The variable if it holds an absolute path; others are ignored, as the XDG specification asks.
std::optional<path> directory_variable(const Environment& environment, const std::string& name) {
  const auto value = environment.variable(name);
  if (!value || !is_absolute(*value, environment.platform)) return std::nullopt;
  return *value;
}

path home_of(const Environment& environment) {
  if (is_absolute(environment.home.string(), environment.platform)) return environment.home;
  throw Error(ErrorKind::io,
              "Cannot tell where the KTX Python runtime belongs: the home directory is unknown",
              "Set HOME, or set KTX_RUNTIME_ROOT to the folder that shall hold the runtime");
}

path platform_root(const Environment& environment) {
  switch (environment.platform) {
    case Platform::macos: return home_of(environment) / "Library/Application Support/kaelio/ktx/runtime";
    case Platform::windows: {
      const auto local = directory_variable(environment, "LOCALAPPDATA");
      return (local ? *local : home_of(environment) / "AppData/Local") / "Kaelio/KTX/runtime";
    }
    case Platform::linux_like: break;
  }
  const auto data = directory_variable(environment, "XDG_DATA_HOME");
  return (data ? *data : home_of(environment) / ".local/share") / "kaelio/ktx/runtime";
}

path runtime_root(const Environment& environment) {
  const auto chosen = environment.variable("KTX_RUNTIME_ROOT");
  if (!chosen) return platform_root(environment);
  if (chosen->find_first_of("\r\n") != std::string::npos) {
    throw Error(ErrorKind::usage, "KTX_RUNTIME_ROOT must not have a line break in it",
                "Scripts and logs name files line by line; set KTX_RUNTIME_ROOT to another path");
  }
  if (is_absolute(*chosen, environment.platform)) return *chosen;
  throw Error(ErrorKind::usage, "KTX_RUNTIME_ROOT must be an absolute path: " + *chosen,
              "Set KTX_RUNTIME_ROOT to a path that starts at the root, or unset it");
}

// 48 bits are enough for a few machines that share a root, and keep paths short.
constexpr std::size_t key_length = 12;

// The variable that decides where the root is, with its value where that is not the root itself.
std::string root_origin(const Environment& environment) {
  if (environment.variable("KTX_RUNTIME_ROOT")) return "KTX_RUNTIME_ROOT";
  const char* const name = environment.platform == Platform::windows ? "LOCALAPPDATA" : "XDG_DATA_HOME";
  const bool has_data_folder = environment.platform != Platform::macos;
  const auto data = has_data_folder ? directory_variable(environment, name) : std::nullopt;
  return data ? std::string(name) + "=" + data->string() : "HOME=" + environment.home.string();
}

// Machines or containers may share a root, but a pid and a port of one mean nothing on another.
std::string machine_key(const Environment& environment) {
  return hex(sha256(environment.host)).substr(0, key_length);
}

// Where daemons of roots that are somebody else's have their folders; std::nullopt if the home directory is
// unknown.
std::optional<path> state_home(const Environment& environment) {
  if (auto chosen = directory_variable(environment, "XDG_STATE_HOME")) return chosen;
  if (!is_absolute(environment.home.string(), environment.platform)) return std::nullopt;
  return environment.home / ".local/state";
}

bool is_of_another_user(const path& root, const Environment& environment) {
  struct stat status {};
  return ::stat(root.c_str(), &status) == 0 && status.st_uid != environment.user;
}

// A daemon is its user's own: its folder holds the token that lets processes in. In a root of somebody else
// this user may neither make it nor trust it.
void place_daemon(Layout& layout, const Environment& environment) {
  layout.daemons_dir = layout.own_dir / "daemon";
  std::string folder = layout.cli_version + "-" + machine_key(environment);
  const auto home = state_home(environment);
  if (home && is_of_another_user(layout.runtime_root, environment)) {
    layout.daemons_dir = *home / "kaelio/ktx/daemon";
    folder += "-" + hex(sha256(layout.runtime_root.string())).substr(0, key_length);
  }
  layout.daemon_dir = layout.daemons_dir / folder;
  layout.daemon_state_path = layout.daemon_dir / "state.json";
  layout.daemon_lock_path = layout.daemon_dir / "lock";
  layout.daemon_log_path = layout.daemon_dir / "daemon.log";
  layout.daemon_output_path = layout.daemon_dir / "daemon.output";
  layout.daemon_failure_path = layout.daemon_dir / "failure.json";
}

path script_of(const path& prefix, Platform platform, const std::string& name) {
  return platform == Platform::windows ? prefix / "Scripts" / (name + ".exe") : prefix / "bin" / name;
}

// 13 for "ktx-plugin-cp313.so", 0 for any other name.
int plugin_minor(std::string_view file) {
  constexpr std::string_view start = "ktx-plugin-cp3";
  int minor = 0;
  if (!file.starts_with(start) || !file.ends_with(".so")) return 0;
  std::from_chars(file.data() + start.size(), file.data() + file.size(), minor);
  return minor;
}

}  // namespace

path python_of(const path& prefix, Platform platform) { return script_of(prefix, platform, "python"); }
path daemon_of(const path& prefix, Platform platform) { return script_of(prefix, platform, "ktx-daemon"); }

path plugin_dir_of(const Environment& environment) {
  return environment.executable.parent_path().parent_path() / "plugins";
}

std::set<int> plugin_minors(const path& plugin_dir) {
  std::set<int> minors;
  std::error_code ignored;
  for (std::filesystem::directory_iterator at(plugin_dir, ignored), end; at != end; at.increment(ignored)) {
    if (const int minor = plugin_minor(at->path().filename().string()); minor > 0) minors.insert(minor);
  }
  return minors;
}

Layout make_layout(const Environment& environment, const std::string& cli_version) {
  Layout layout;
  layout.cli_version = cli_version;
  layout.platform = environment.platform;
  layout.runtime_root = runtime_root(environment);
  layout.root_origin = root_origin(environment);
  layout.version_dir = layout.runtime_root / cli_version;
  layout.venv_dir = layout.version_dir / ".venv";
  layout.manifest_path = layout.version_dir / "manifest.json";
  layout.install_log_path = layout.version_dir / "install.log";
  layout.python_path = python_of(layout.venv_dir, environment.platform);
  layout.daemon_path = daemon_of(layout.venv_dir, environment.platform);

  const path package_root = environment.executable.parent_path().parent_path();
  layout.asset_dir = package_root / "assets/python";
  layout.asset_manifest_path = layout.asset_dir / "manifest.json";
  layout.plugin_dir = plugin_dir_of(environment);

  layout.own_dir = layout.runtime_root / ".ktx";
  layout.locks_dir = layout.own_dir / "locks";
  layout.install_lock_path = layout.locks_dir / "install.lock";
  layout.in_use_lock_path = layout.in_use_lock_path_of(cli_version);
  layout.tools_dir = layout.own_dir / "tools";
  place_daemon(layout, environment);
  return layout;
}

path Layout::environment_dir(const std::string& name) const { return version_dir / name; }

path Layout::staging_dir(const std::string& id) const { return own_dir / (staging_prefix + id); }

path Layout::trash_dir(const std::string& id) const { return own_dir / (trash_prefix + id); }

path Layout::in_use_lock_path_of(const std::string& version) const { return locks_dir / (version + ".use"); }

}  // namespace ktx::runtime
