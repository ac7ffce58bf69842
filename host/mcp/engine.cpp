#include "ktx/mcp/engine.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "ktx/app/project_access.hpp"
#include "ktx/app/runtime_session.hpp"
#include "ktx/runtime/layout.hpp"
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

void Engine::load_ahead() {
  if (!settings_.loads_ahead || has_loaded_ahead_.exchange(true)) return;
  std::thread([this] { load(); }).detach();
}

void Engine::load() noexcept {
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
  const runtime::Layout layout = app::runtime_layout(settings_.environment);
  // While it is in use nobody removes it; what its receipt says of it need not be proved for each call.
  const auto receipt = runtime::receipt_digest(layout);
  const auto is_ready = [&](runtime::Feature feature) { return runtime::contains(ready_features_, feature); };
  if (receipt && receipt == ready_receipt_ && std::ranges::all_of(needs.features, is_ready)) {
    return *interpreter_;
  }
  app::ReadyRuntime ready = app::ensure_runtime(session, needs.features, needs.install);
  if (interpreter_ && runtime::to_json(ready.receipt.interpreter) != loaded_) {
    session.warn(
        "The Python runtime was installed anew since this server loaded it, and still runs; "
        "restart the server to use the new one");
  }
  if (!interpreter_) {
    loaded_ = runtime::to_json(ready.receipt.interpreter);
    in_use_ = std::move(ready.in_use);
    interpreter_.emplace(ready.receipt.interpreter, layout.plugin_dir);
  }
  remember(receipt, ready.receipt);
  return *interpreter_;
}

void Engine::remember(const std::optional<std::string>& digest, const runtime::Receipt& receipt) {
  // Of another runtime than the loaded one each call says so.
  if (runtime::to_json(receipt.interpreter) != loaded_) return;
  ready_receipt_ = digest;
  ready_features_ = receipt.features;
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
