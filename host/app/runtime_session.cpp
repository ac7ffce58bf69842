#include "ktx/app/runtime_session.hpp"

#include <unistd.h>

#include <cstdlib>
#include <utility>

#include "ktx/app/version.hpp"
#include "ktx/check/health.hpp"
#include "ktx/install/install_plan.hpp"
#include "ktx/runtime/child_environment.hpp"
#include "ktx/runtime/inventory.hpp"
#include "ktx/semantic/driver.hpp"
#include "ktx/util/spans.hpp"
#include "ktx/util/subprocess.hpp"

namespace ktx::app {
namespace {

constexpr std::string_view repair_command = "Run: ktx runtime repair";

// Set for a command that was started again, so that it reports its error instead of repairing once more.
constexpr const char* restarted = "KTX_RESTARTED_AFTER_REPAIR";

// Checks of an environment, run in children of this same program: a damaged library can take its process
// down.
struct Trials {
  ProcessRunner& runner;
  const Environment& environment;
  const runtime::Layout& layout;

  auto interpreter() const {
    return [*this](const runtime::Interpreter& tried) {
      return runtime::interpreter_health(runner, environment, layout, tried);
    };
  }

  auto embeddings() const {
    return [*this](const runtime::Interpreter& tried, const runtime::Features& features) {
      return runtime::embeddings_health(runner, environment, layout, tried, features);
    };
  }
};

// A check as an install needs it: a failed one throws.
template <typename Trial>
auto must_be_healthy(Trial trial) {
  return [trial](const auto&... tried) {
    const auto health = trial(tried...);
    if (!health.healthy) throw Error(ErrorKind::interpreter, health.detail, health.fix);
  };
}

// Whether the user agrees to the install.
bool is_agreed(const runtime::InstallDecision& decision, const Reporter& reporter) {
  if (decision.action == runtime::InstallAction::refuse) return false;
  for (const std::string& question : decision.questions) {
    if (!reporter.confirm(question)) return false;
  }
  return true;
}

bool is_damaged(const runtime::Status& status) {
  return status.kind == runtime::StatusKind::broken || status.kind == runtime::StatusKind::mismatched;
}

// Installs by the policy, for a runtime in the state `status`, which is not ready. This process must not hold
// the runtime in use: the install could not remove what it replaces.
void install_by_policy(const Session& session, const runtime::Layout& layout, const runtime::Status& status,
                       const runtime::Features& features, const InstallConsent& consent) {
  const runtime::InstallPolicy policy{
      .yes = consent.yes, .no_input = consent.no_input, .terminals = session.can_confirm()};
  const auto decision = runtime::decide_install(status, features, policy, layout);
  if (!is_agreed(decision, session)) throw runtime::refusal(status, features);
  if (is_damaged(status)) {
    session.note("The KTX Python runtime cannot be used and is repaired: " + status.detail);
  }
  session.note("Installing KTX Python runtime (" + runtime::join_names(runtime::normalize(features)) +
               ") with uv");
  const auto observer = session.observe_install();
  install_runtime(session, {.features = features, .python = {}}, *observer);
  session.note("KTX Python runtime ready: " + layout.version_dir.string());
}

// The errors that an import of a damaged file can end in. An error in a query or a model is never one of
// them.
bool may_come_from_damage(const Error& error) {
  return error.kind() == ErrorKind::interpreter || error.kind() == ErrorKind::runtime_broken ||
         error.kind() == ErrorKind::internal;
}

// The state of the runtime, with all files compared with the inventory. Takes about 0.4 s, too long before
// each query (ADR 10).
runtime::Status state_of_every_file(const runtime::Layout& layout) {
  runtime::Status status = runtime::runtime_status(layout);
  if (status.kind != runtime::StatusKind::ready) return status;
  const auto check = runtime::check_inventory(layout.environment_dir(status.receipt->environment),
                                              status.receipt->inventory_sha256);
  if (check.differences.empty()) return status;
  status.kind = runtime::StatusKind::broken;
  status.detail = check.differences.front().describe();
  return status;
}

// Replaces this process: an interpreter that failed to import cannot be started a second time.
void start_again(const Session& session) {
  ::setenv(restarted, "1", 1);
  std::vector<char*> arguments;
  for (const std::string& argument : session.arguments) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  // The path of the program, not arguments[0], which may be a name looked up on PATH.
  ::execv(session.environment.executable.c_str(), arguments.data());
  throw Error(ErrorKind::runtime_broken, "The KTX Python runtime was repaired", "Run the command again");
}

}  // namespace

runtime::Layout runtime_layout(const Environment& environment) {
  return runtime::make_layout(environment, version);
}

runtime::Status runtime_state(const Environment& environment) {
  try {
    return runtime::runtime_status(runtime_layout(environment));
  } catch (const Error&) {
    return {};  // no home directory, so no runtime
  }
}

bool is_runtime_ready(const Environment& environment, const runtime::Features& features) {
  return runtime::is_ready(runtime::runtime_status(runtime_layout(environment)), features);
}

runtime::Features features_of_drivers(const std::vector<std::string>& drivers) {
  runtime::Features features = {runtime::Feature::core};
  for (const std::string& name : drivers) {
    const semantic::Driver* driver = semantic::find_driver(name);
    if (driver == nullptr || driver->is_native()) continue;
    features.push_back(runtime::feature_from_name(driver->feature));
  }
  return runtime::normalize(features);
}

ReadyRuntime ensure_runtime(const Session& session, const runtime::Features& features,
                            const InstallConsent& consent) {
  const ScopedSpan span("ensure runtime");
  const runtime::Layout layout = runtime_layout(session.environment);
  // The lock first: an environment that the receipt names while it is held is not removed.
  runtime::InUse in_use = runtime::hold_in_use(layout);
  runtime::Status status = runtime::runtime_status(layout);
  if (!runtime::is_ready(status, features)) {
    in_use.reset();  // lets the install remove what it replaces
    install_by_policy(session, layout, status, features, consent);
    in_use = runtime::hold_in_use(layout);
    status = runtime::runtime_status(layout);
    // Between the install and the lock another process may have pruned or replaced it.
    if (!runtime::is_ready(status, features)) throw runtime::refusal(status, features);
  }
  if (status.libpython_moved) runtime::remember_libpython(layout, *status.receipt);
  return {*std::move(status.receipt), std::move(in_use)};
}

runtime::InstallResult install_runtime(const Session& session, const runtime::InstallRequest& request,
                                       InstallObserver& observer) {
  const runtime::Layout layout = runtime_layout(session.environment);
  ProcessRunner runner;
  // The installed model must work, whatever model the user's variable names.
  Environment own_model = session.environment;
  own_model.variables.erase("KTX_EMBEDDING_MODEL_DIR");
  const runtime::InstallServices services{
      .environment = session.environment,
      .runner = runner,
      .loads = runtime::library_check(runner, session.environment),
      .verify = must_be_healthy(Trials{runner, session.environment, layout}.interpreter()),
      .verify_embeddings = must_be_healthy(Trials{runner, own_model, layout}.embeddings()),
      .progress = [&](const runtime::InstallProgress& now) { observer.show(now); },
      .notice = [&](const std::string& text) { observer.notice(text); }};
  auto result = runtime::install(layout, request, services);
  observer.clear();
  return result;
}

runtime::Verification verify_runtime(const Session& session) {
  const runtime::Layout layout = runtime_layout(session.environment);
  const runtime::InUse in_use = runtime::hold_in_use(layout);
  ProcessRunner runner;
  const Trials trials{runner, session.environment, layout};
  return runtime::verify_runtime(layout, trials.interpreter(), trials.embeddings());
}

runtime::DoctorReport examine_runtime(const Session& session) {
  const runtime::Layout layout = runtime_layout(session.environment);
  const runtime::InUse in_use = runtime::hold_in_use(layout);
  ProcessRunner runner;
  const Trials trials{runner, session.environment, layout};
  return runtime::run_doctor(layout,
                             {session.environment, runner, trials.interpreter(), trials.embeddings()});
}

Error with_loader_fix(const Error& error, const Environment& environment) {
  const bool may_be_the_loader = error.fix() == repair_command;
  if (!may_be_the_loader || runtime::loader_variables(environment).empty()) return error;
  return {error.kind(), error.message(),
          runtime::loader_fix(environment) + "; if that is not it: ktx runtime repair", error.details()};
}

void repair_after(const Error& error, const Session& session) {
  // The cheap checks first; the last compares every file.
  if (!session.loaded_runtime || !may_come_from_damage(error) || std::getenv(restarted) != nullptr) return;
  const runtime::Layout layout = runtime_layout(session.environment);
  const runtime::Status status = state_of_every_file(layout);
  if (status.kind == runtime::StatusKind::ready) return;
  install_by_policy(session, layout, status, session.loaded_runtime->features,
                    session.loaded_runtime->install);
  start_again(session);
}

}  // namespace ktx::app
