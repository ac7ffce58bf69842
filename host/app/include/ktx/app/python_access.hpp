#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "ktx/app/session.hpp"
#include "ktx/daemon/running_host.hpp"
#include "ktx/database/executor.hpp"
#include "ktx/project/project.hpp"
#include "ktx/runtime/feature.hpp"
#include "ktx/search/search.hpp"
#include "ktx/semantic/transport.hpp"

namespace ktx::app {

/// Access to Python for planning, databases and embeddings:
///
/// - Nothing happens before `get`. A command that can do without Python never looks for it.
/// - `get` looks for a daemon that fits, and starts one if that is wanted. Without a daemon it makes the
///   managed runtime ready, and installs it first if the user agrees.
/// - The first question to the runtime loads its interpreter into this process, where it stays.
/// - If the daemon goes away, the same question and all later ones are asked in this process.
class PythonAccess : private semantic::Transport {
 public:
  /// `session` must outlive this, and keeps the runtime in use until the process ends.
  PythonAccess(Session& session, PythonNeeds needs) : session_(session), needs_(std::move(needs)) {}
  PythonAccess(const PythonAccess&) = delete;
  PythonAccess& operator=(const PythonAccess&) = delete;
  ~PythonAccess() override = default;

  /// An access on which `get` was already called, for callers that own their transport. Throws what `get`
  /// throws.
  static std::unique_ptr<semantic::Transport> open(Session& session, PythonNeeds needs);

  /// Connects, once. Throws what `ensure_runtime` throws. A daemon that was asked for and does not start is
  /// only noted: the work is done in this process.
  semantic::Transport& get();

  /// `get` as a function, for callers that may not need it. This must outlive it.
  database::PythonSource source();

 private:
  std::string call(std::string_view operation, std::string_view request) override;
  bool keeps_models() const override;
  std::optional<daemon::RunningHost> find_host();
  std::optional<daemon::RunningHost> start_host();
  void load_runtime();

  Session& session_;
  PythonNeeds needs_;
  std::optional<daemon::HostTransport> host_;        ///< while it answers
  std::unique_ptr<semantic::Transport> in_process_;  ///< if there is no daemon, or no longer one
};

/// The features that the runtime needs for an embedding backend.
runtime::Features embedding_features(const std::string& backend);

/// Whether and how a search uses embeddings.
struct EmbeddingChoice {
  search::Embeddings embeddings;
  bool could_be_installed = false;  ///< ktx.yaml does not forbid them; the feature is not installed
};

/// Chooses by `embeddings.backend` in ktx.yaml, or `ingest.embeddings.backend` in that of an older project.
/// If neither is set, embeddings are used if the runtime has them; they are then never installed unless the
/// user agreed beforehand, and nobody is asked. Starts no Python itself. `session` must outlive the result.
EmbeddingChoice choose_embeddings(Session& session, const project::Project& project, PythonNeeds python);

}  // namespace ktx::app
