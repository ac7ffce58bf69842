#pragma once

#include <filesystem>
#include <set>
#include <string>

#include "ktx/util/environment.hpp"

namespace ktx::runtime {

/// Every path of the managed runtime of one version of ktx. No other code builds such a path.
struct Layout {
  std::string cli_version;
  Platform platform = Platform::linux_like;

  std::filesystem::path runtime_root;         ///< all versions and ktx's own `.ktx`
  std::string root_origin;                    ///< what says so: "KTX_RUNTIME_ROOT", "HOME=/home/ann"
  std::filesystem::path version_dir;          ///< what this version of ktx installs
  std::filesystem::path venv_dir;             ///< a link to the environment in use
  std::filesystem::path manifest_path;        ///< the receipt
  std::filesystem::path install_log_path;     ///< what the last install's commands printed
  std::filesystem::path asset_dir;            ///< the wheel and locks that ktx ships with
  std::filesystem::path asset_manifest_path;  ///< their checksums
  std::filesystem::path python_path;          ///< the environment's interpreter
  std::filesystem::path daemon_path;          ///< the environment's ktx-daemon

  std::filesystem::path plugin_dir;         ///< the interpreter plugins that ktx ships with
  std::filesystem::path own_dir;            ///< `.ktx`: the one folder under the root that is not a version's
  std::filesystem::path locks_dir;          ///< held in `.ktx`
  std::filesystem::path install_lock_path;  ///< held while anything under the root is changed
  std::filesystem::path in_use_lock_path;   ///< shared by every process that runs this version
  std::filesystem::path tools_dir;          ///< a uv and interpreters that ktx fetched

  /// One folder for each version and machine that ran a daemon. In `.ktx`; for a root of another user, below
  /// XDG_STATE_HOME.
  std::filesystem::path daemons_dir;
  std::filesystem::path daemon_dir;           ///< this version's on this machine; private to the user
  std::filesystem::path daemon_state_path;    ///< which process serves, where, and the token
  std::filesystem::path daemon_lock_path;     ///< held while the daemon is started or stopped
  std::filesystem::path daemon_log_path;      ///< its log, with older ones beside it
  std::filesystem::path daemon_output_path;   ///< its stdout and stderr: why one failed
  std::filesystem::path daemon_failure_path;  ///< why the last start failed

  /// `<version_dir>/env-<id>`: one built environment.
  std::filesystem::path environment_dir(const std::string& name) const;

  /// `<own_dir>/staging-<id>`: the private files of one install.
  std::filesystem::path staging_dir(const std::string& id) const;

  /// `<own_dir>/trash-<id>`: what is being removed.
  std::filesystem::path trash_dir(const std::string& id) const;

  /// The lock shared by the processes that run `version`.
  std::filesystem::path in_use_lock_path_of(const std::string& version) const;
};

/// The layout for `cli_version`, from the environment and from whose the root is. Throws a `usage` error if
/// KTX_RUNTIME_ROOT is relative or contains a line break, and an `io` error if the home directory is needed
/// and unknown.
Layout make_layout(const Environment& environment, const std::string& cli_version);

/// The prefix of built environments' names; what follows is random.
inline constexpr const char* environment_prefix = "env-";

/// The prefixes of staging and trash folders' names; what follows is random.
inline constexpr const char* staging_prefix = "staging-";
inline constexpr const char* trash_prefix = "trash-";

/// The folder of this program's interpreter plugins.
std::filesystem::path plugin_dir_of(const Environment& environment);

/// The minor versions of Python 3 that have a plugin: 12 for CPython 3.12.
std::set<int> plugin_minors(const std::filesystem::path& plugin_dir);

/// Where the interpreter and the scripts of the environment at `prefix` are.
std::filesystem::path python_of(const std::filesystem::path& prefix, Platform platform);
std::filesystem::path daemon_of(const std::filesystem::path& prefix, Platform platform);

}  // namespace ktx::runtime
