#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ktx/install/install_services.hpp"
#include "ktx/project/diagnostic.hpp"
#include "ktx/runtime/environment_link.hpp"
#include "ktx/runtime/feature.hpp"
#include "ktx/semantic/transport.hpp"
#include "ktx/util/environment.hpp"

namespace ktx::app {

/// Follows one install.
class InstallObserver {
 public:
  virtual ~InstallObserver() = default;

  /// Where the install is now; many times a second.
  virtual void show(const runtime::InstallProgress& progress) = 0;

  /// A sentence that is worth keeping.
  virtual void notice(const std::string& text) = 0;

  /// What `show` said last is over: something else is said next.
  virtual void clear() = 0;
};

/// What is said to whoever runs a front end, beside the answer. Texts are sentences for a person and end
/// without a line break. A front end without a person may leave all of it out: nothing here is an error,
/// which is thrown.
class Reporter {
 public:
  virtual ~Reporter() = default;

  /// Good to know, and changes nothing about the answer.
  virtual void note(const std::string& text) const = 0;

  /// Something that was asked for and not done, or is done differently.
  virtual void warn(const std::string& text) const = 0;

  /// A step on the way, for those who look for a fault.
  virtual void trace(const std::string& text) const = 0;

  /// What is wrong with the project's files.
  virtual void report(const std::vector<project::Diagnostic>& findings) const = 0;

  /// Whether a person is there who can be asked.
  virtual bool can_confirm() const = 0;

  /// Asks a question of yes or no. Called only where `can_confirm`.
  virtual bool confirm(const std::string& question) const = 0;

  /// Follows an install that begins now because something needs it.
  virtual std::unique_ptr<InstallObserver> observe_install() const = 0;
};

/// Whether the Python runtime may be installed when it is needed. When neither is set, a person is asked.
struct InstallConsent {
  bool yes = false;       ///< it is agreed to
  bool no_input = false;  ///< nobody is to be asked
};

/// Whether something that needs Python asks a running daemon.
enum class DaemonChoice : std::uint8_t {
  if_running,  ///< one that runs and fits, else Python in this process
  always,      ///< one is started when none runs
  never,       ///< Python in this process
};

/// What is needed of Python, and how it may be had.
struct PythonNeeds {
  InstallConsent install;
  DaemonChoice daemon = DaemonChoice::if_running;
  runtime::Features features = {runtime::Feature::core};
};

/// One run of a front end: its surroundings, whom it speaks to, and what it holds until it ends. Everything
/// in this layer is given one.
class Session : public Reporter {
 public:
  Environment environment;
  std::optional<std::filesystem::path> project_directory;  ///< where it was told to look for the project
  bool no_cache = false;                                   ///< nothing that was kept is to be used
  std::vector<std::string> arguments;  ///< how to start it again, the program's name first

  runtime::InUse runtime_in_use;              ///< held until the process ends, once Python runs in it
  std::optional<PythonNeeds> loaded_runtime;  ///< what for, once that was tried

  /// Where set, answers in place of the managed runtime, for a front end that has a Python of its own.
  std::function<std::unique_ptr<semantic::Transport>(const PythonNeeds&)> other_python;
};

}  // namespace ktx::app
