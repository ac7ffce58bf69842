#include "ktx/mcp/engine.hpp"

#include <utility>

#include "ktx/app/project_access.hpp"
#include "ktx/app/runtime_session.hpp"
#include "ktx/util/error.hpp"

namespace ktx::mcp {
namespace {

class SilentInstall : public app::InstallObserver {
 public:
  void show(const runtime::InstallProgress& /*progress*/) override {}
  void notice(const std::string& /*text*/) override {}
  void clear() override {}
};

}  // namespace

std::unique_ptr<CallSession> Engine::session(Cancellation& cancellation) {
  return std::make_unique<CallSession>(*this, cancellation);
}

app::PythonNeeds Engine::python() const {
  app::PythonNeeds needs;
  needs.install = {.yes = settings_.may_install, .no_input = !settings_.may_install};
  return needs;
}

void Engine::warm_up() noexcept {
  try {
    Cancellation never;
    const auto session = this->session(never);
    interpreter(*session, python()).start("semantic-query");
  } catch (...) {
    return;  // The call that needs it says what is wrong.
  }
}

// One interpreter serves all calls. A feature that is installed later is found there: packages are imported
// when they are needed.
plugin::SharedInterpreter& Engine::interpreter(app::Session& session, const app::PythonNeeds& needs) {
  const std::lock_guard lock(mutex_);
  app::ReadyRuntime ready = app::ensure_runtime(session, needs.features, needs.install);
  Json described = runtime::to_json(ready.receipt.interpreter);
  if (interpreter_ && described != loaded_) {
    session.warn(
        "The Python runtime was installed anew since this server loaded it, and still runs; "
        "restart the server to use the new one");
  }
  if (!interpreter_) {
    loaded_ = std::move(described);
    in_use_ = std::move(ready.in_use);
    interpreter_.emplace(std::move(ready.receipt.interpreter),
                         app::runtime_layout(settings_.environment).plugin_dir);
  }
  return *interpreter_;
}

CallSession::CallSession(Engine& engine, Cancellation& cancellation) : cancellation_(cancellation) {
  environment = engine.settings().environment;
  project_directory = engine.settings().project_directory;
  no_cache = engine.settings().no_cache;
  other_python = [this, &engine](const app::PythonNeeds& needs) {
    return engine.interpreter(*this, needs).transport(cancellation_);
  };
}

void CallSession::note(const std::string& text) const { remarks_.push_back(text); }

void CallSession::warn(const std::string& text) const { remarks_.push_back(text); }

void CallSession::trace(const std::string& /*text*/) const {}

void CallSession::report(const std::vector<Finding>& findings) const {
  findings_.insert(findings_.end(), findings.begin(), findings.end());
}

bool CallSession::confirm(const std::string& question) const {
  throw Error(ErrorKind::internal, "Nobody can be asked: " + question);
}

std::unique_ptr<app::InstallObserver> CallSession::observe_install() const {
  return std::make_unique<SilentInstall>();
}

project::Project CallSession::project() const { return app::read_project(*this); }

}  // namespace ktx::mcp
