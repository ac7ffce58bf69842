#include "ktx/app/python_access.hpp"

#include <utility>

#include "ktx/app/daemon.hpp"
#include "ktx/app/runtime_session.hpp"
#include "ktx/plugin/in_process_transport.hpp"
#include "ktx/runtime/receipt.hpp"
#include "ktx/util/error.hpp"

namespace ktx::app {
namespace {

bool runtime_has_embeddings(const Environment& environment) {
  try {
    const auto loaded = runtime::load_receipt(runtime_layout(environment));
    return loaded.receipt && runtime::satisfies(loaded.receipt->features, embedding_features(""));
  } catch (const Error&) {
    return false;  // no home directory, so no runtime
  }
}

}  // namespace

std::unique_ptr<semantic::Transport> PythonAccess::open(Session& session, PythonNeeds needs) {
  auto access = std::make_unique<PythonAccess>(session, std::move(needs));
  access->get();
  // The base is private, so unique_ptr does not convert by itself outside of this class.
  return std::unique_ptr<semantic::Transport>(access.release());
}

semantic::Transport& PythonAccess::get() {
  if (host_ || in_process_ != nullptr) return *this;
  if (session_.other_python) {
    in_process_ = session_.other_python(needs_);
  } else if (auto host = find_host()) {
    host_.emplace(*std::move(host));
  } else {
    load_runtime();
  }
  return *this;
}

database::PythonSource PythonAccess::source() {
  return [this]() -> semantic::Transport& { return get(); };
}

std::string PythonAccess::call(std::string_view operation, std::string_view request) {
  if (host_) {
    if (auto reply = host_->call(operation, request)) return *std::move(reply);
    // The daemon has gone away; it is found, never needed.
    host_.reset();
    load_runtime();
  }
  return in_process_->call(operation, request);
}

// A daemon keeps the models that were registered with it; an interpreter in this process ends with the
// command.
bool PythonAccess::keeps_models() const { return host_ || in_process_->keeps_models(); }

std::optional<daemon::RunningHost> PythonAccess::find_host() {
  if (needs_.daemon == DaemonChoice::never) return std::nullopt;
  const runtime::Layout layout = runtime_layout(session_.environment);
  DaemonRequest request;
  request.features = needs_.features;
  if (auto host = daemon::find_host(layout, daemon_needs(layout, request))) return host;
  return needs_.daemon == DaemonChoice::always ? start_host() : std::nullopt;
}

std::optional<daemon::RunningHost> PythonAccess::start_host() {
  DaemonRequest request;
  request.features = needs_.features;
  // The daemon itself may not ask: it has no terminal.
  ensure_runtime(session_, request.features, needs_.install);
  try {
    return start_daemon(session_, request).host;
  } catch (const Error& error) {
    // A daemon only saves time. Errors of other kinds, such as a broken runtime, would come up in this
    // process too.
    if (error.kind() != ErrorKind::daemon && error.kind() != ErrorKind::io) throw;
    session_.note(error.message() + "\nGoing on without it, in this process");
    return std::nullopt;
  }
}

void PythonAccess::load_runtime() {
  ReadyRuntime runtime = ensure_runtime(session_, needs_.features, needs_.install);
  // Before the interpreter is loaded: `repair_after` reads it when that fails.
  session_.loaded_runtime = needs_;
  session_.runtime_in_use = std::move(runtime.in_use);
  in_process_ = std::make_unique<plugin::InProcessTransport>(std::move(runtime.receipt.interpreter),
                                                             runtime_layout(session_.environment).plugin_dir);
}

runtime::Features embedding_features(const std::string& backend) {
  return runtime::normalize({backend == "sentence-transformers" ? runtime::Feature::sentence_transformers
                                                                : runtime::Feature::local_embeddings});
}

EmbeddingChoice choose_embeddings(Session& session, const project::Project& project, PythonNeeds python) {
  EmbeddingChoice choice;
  const auto& backend = project.config.embeddings.backend;
  if (backend == "none") {
    choice.embeddings.skip_reason = search::embedding_unconfigured;
  } else if (backend) {
    choice.embeddings.backend = *backend;
  } else {
    // ktx.yaml did not ask for embeddings, so a search must not start a question about an install.
    python.install.no_input = !python.install.yes;
    choice.could_be_installed = !runtime_has_embeddings(session.environment);
    if (choice.could_be_installed) choice.embeddings.skip_reason = search::embedding_unconfigured;
  }
  python.features = embedding_features(choice.embeddings.backend);
  choice.embeddings.connect = [&session, python] { return PythonAccess::open(session, python); };
  return choice;
}

}  // namespace ktx::app
