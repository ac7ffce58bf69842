#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ktx/install/install_services.hpp"
#include "ktx/runtime/environment_link.hpp"
#include "ktx/runtime/feature.hpp"
#include "ktx/semantic/transport.hpp"
#include "ktx/util/cancellation.hpp"
#include "ktx/util/environment.hpp"
#include "ktx/util/finding.hpp"

namespace ktx::app {

/// Follows one install from its first step to its end.
class InstallObserver {
 public:
  virtual ~InstallObserver() = default;

  /// The step that the install is at. Called many times a second.
  virtual void show(const runtime::InstallProgress& progress) = 0;

  /// A sentence for the user that must not be overwritten by the next `show`.
  virtual void notice(const std::string& text) = 0;

  /// Takes away what `show` drew last, before something else is written.
  virtual void clear() = 0;
};

/// What a person waits for; it is over when this is destroyed.
class Waiting {
 public:
  virtual ~Waiting() = default;

  /// What of many things is waited for now: "joins.two_hops, 3 of 200".
  virtual void now(const std::string& /*what*/) {}
};

/// Messages to the user of a front end, beside the answer. Texts are sentences without a line break at the
/// end. None of them is an error: errors are thrown. A front end that serves no person may drop them all.
class Reporter {
 public:
  virtual ~Reporter() = default;

  /// Useful information that does not affect the answer.
  virtual void note(const std::string& text) const = 0;

  /// Something that was asked for and could not be done, or was done differently.
  virtual void warn(const std::string& text) const = 0;

  /// A step, for debugging.
  virtual void trace(const std::string& text) const = 0;

  /// Problems in the project's files.
  virtual void report(const std::vector<Finding>& findings) const = 0;

  /// Whether there is a person to ask.
  virtual bool can_confirm() const = 0;

  /// Asks a yes-or-no question. May be called only if `can_confirm`.
  virtual bool confirm(const std::string& question) const = 0;

  /// An observer for an install that starts now because a command needs it.
  virtual std::unique_ptr<InstallObserver> observe_install() const = 0;

  /// A database works on a statement from here on. Nothing else is reported meanwhile. May be null.
  virtual std::unique_ptr<Waiting> wait_for_database() const = 0;
};

/// Whether the Python runtime may be installed when it is needed. If neither is set, the user is asked.
struct InstallConsent {
  bool yes = false;       ///< the user has agreed
  bool no_input = false;  ///< never ask
};

/// Whether work that needs Python goes to a running daemon.
enum class DaemonChoice : std::uint8_t {
  if_running,  ///< a running daemon that fits, else Python in this process
  always,      ///< start one if none runs
  never,       ///< always Python in this process
};

/// Which parts of Python a command needs, and how it may get them.
struct PythonNeeds {
  InstallConsent install;
  DaemonChoice daemon = DaemonChoice::if_running;
  runtime::Features features = {runtime::Feature::core};
};

/// One run of a front end: its environment, its way to speak to the user, and what it holds until it ends.
/// Everything in this layer takes one.
class Session : public Reporter {
 public:
  Environment environment;
  std::optional<std::filesystem::path> project_directory;  ///< where to look for the project, if told
  bool no_cache = false;                                   ///< use no cached results
  std::vector<std::string> arguments;  ///< argv, to start the command again; the program's name first

  runtime::InUse runtime_in_use;              ///< held until the process ends, once Python runs in it
  std::optional<PythonNeeds> loaded_runtime;  ///< the needs it was loaded for; set before the load is tried

  /// Says when nobody waits for the answer any more; null where only a signal can say so.
  virtual Cancellation* cancellation() const { return nullptr; }

  /// If set, answers in place of the managed runtime: for a front end that has its own Python, such as a
  /// test.
  std::function<std::unique_ptr<semantic::Transport>(const PythonNeeds&)> other_python;
};

}  // namespace ktx::app
