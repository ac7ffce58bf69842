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

/// The way to Python, for planning, for databases and for vectors alike, from nothing until the process ends:
///
/// - Nothing happens before `get`; what can be answered without Python never looks for it.
/// - `get` looks for a daemon that fits, and starts one where that is wished. Where there is none, the
/// managed runtime
///   is made ready in its place, installed first where that is agreed to.
/// - The first question to that runtime loads its interpreter into this process, where it stays.
/// - A daemon that goes away is done without: the same question, and all later ones, are asked in this
/// process.
class PythonAccess : private semantic::Transport {
 public:
  /// `session` must outlive it, and keeps the runtime in use until the process ends.
  PythonAccess(Session& session, PythonNeeds needs) : session_(session), needs_(std::move(needs)) {}
  PythonAccess(const PythonAccess&) = delete;
  PythonAccess& operator=(const PythonAccess&) = delete;
  ~PythonAccess() override = default;

  /// The same with the way found already, for those that take it over. Throws what `get` does.
  static std::unique_ptr<semantic::Transport> open(Session& session, PythonNeeds needs);

  /// Finds the way, once. Throws what `ensure_runtime` does. A daemon that was asked for and does not start
  /// is no error: that is noted.
  semantic::Transport& get();

  /// `get` for those that may not need it. This must outlive it.
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
  std::unique_ptr<semantic::Transport> in_process_;  ///< once there is none, or no more
};

/// What the runtime must have for a backend.
runtime::Features embedding_features(const std::string& backend);

/// Whether and how a search uses embeddings.
struct EmbeddingChoice {
  search::Embeddings embeddings;
  bool could_be_installed = false;  ///< nothing says that they are not wanted; only the feature is missing
};

/// As ktx.yaml says, by `embeddings.backend` or by an older project's `ingest.embeddings.backend`. Where it
/// says nothing, embeddings are used when the runtime has them; then nothing is ever installed for them
/// unless that was agreed to before, and nobody is asked. Starts no Python by itself. `session` must outlive
/// it.
EmbeddingChoice choose_embeddings(Session& session, const project::Project& project, PythonNeeds python);

}  // namespace ktx::app
