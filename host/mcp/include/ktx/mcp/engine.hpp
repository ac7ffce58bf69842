#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "ktx/app/session.hpp"
#include "ktx/plugin/shared_interpreter.hpp"
#include "ktx/project/project.hpp"
#include "ktx/runtime/receipt.hpp"
#include "ktx/util/cancellation.hpp"
#include "ktx/util/environment.hpp"
#include "ktx/util/json.hpp"

namespace ktx::mcp {

/// How the server of one project was started.
struct Settings {
  Environment environment;
  std::optional<std::filesystem::path> project_directory;  ///< where to look for the project, if told
  bool no_cache = false;
  bool allow_write = false;  ///< sources and pages may be written
  bool may_install = false;  ///< the Python runtime may be installed when it is needed
  /// Python is loaded behind the first call of a tool, whichever it is. The engine must then live as long as
  /// the process.
  bool loads_ahead = false;
};

class CallSession;

/// What all calls of a server share: the project's folder and the interpreter. Thread-safe.
class Engine {
 public:
  explicit Engine(Settings settings) : settings_(std::move(settings)) {}

  const Settings& settings() const { return settings_; }

  /// The session of one call, which `cancellation` ends.
  std::unique_ptr<CallSession> session(Cancellation& cancellation);

  /// How a call may get Python.
  app::PythonNeeds python() const;

  /// Loads Python and the planner in the background, once, if the settings say so. Whoever called one tool
  /// will call another that needs them; whoever only lists the tools never does, and is spared the memory.
  void load_ahead();

 private:
  friend class CallSession;
  void remember(const std::optional<std::string>& digest, const runtime::Receipt& receipt);
  void load() noexcept;  // a call will say what is wrong
  plugin::SharedInterpreter& interpreter(app::Session& session, const app::PythonNeeds& needs);

  Settings settings_;
  std::atomic<bool> has_loaded_ahead_ = false;
  std::mutex mutex_;
  std::optional<plugin::SharedInterpreter> interpreter_;
  Json loaded_;  ///< the description of the interpreter that was loaded
  runtime::InUse in_use_;
  std::optional<std::string> ready_receipt_;  ///< digest of the receipt that the last call found
  runtime::Features ready_features_;          ///< and what it has installed
};

/// The session of one call. What it would tell a person is collected, for the result.
class CallSession : public app::Session {
 public:
  CallSession(Engine& engine, Cancellation& cancellation);

  void note(const std::string& text) const override;
  void warn(const std::string& text) const override;
  void trace(const std::string& text) const override;
  void report(const std::vector<Finding>& findings) const override;
  bool can_confirm() const override { return false; }
  bool confirm(const std::string& question) const override;
  std::unique_ptr<app::InstallObserver> observe_install() const override;
  std::unique_ptr<app::Waiting> wait_for_database() const override { return nullptr; }
  Cancellation* cancellation() const override { return &cancellation_; }

  /// The project that the server is for, as its files are now. Throws a `project` error.
  project::Project project() const;

  const std::vector<std::string>& remarks() const { return remarks_; }
  const std::vector<Finding>& findings() const { return findings_; }

 private:
  Cancellation& cancellation_;
  mutable std::vector<std::string> remarks_;
  mutable std::vector<Finding> findings_;
};

}  // namespace ktx::mcp
