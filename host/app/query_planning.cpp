#include "ktx/app/query_planning.hpp"

#include <algorithm>
#include <utility>

#include "ktx/app/project_access.hpp"
#include "ktx/app/runtime_session.hpp"
#include "ktx/app/version.hpp"
#include "ktx/cache/store.hpp"
#include "ktx/runtime/receipt.hpp"
#include "ktx/semantic/messages.hpp"
#include "ktx/util/digest.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/process.hpp"
#include "ktx/util/spans.hpp"

namespace ktx::app {
namespace {

// Identifies what compiles a query: this build of ktx, the Python packages that it ships (by the manifest of
// its assets, which has their digests), and the runtime installed from them (by its receipt). std::nullopt if
// a file is missing: then the runtime has to be installed, and that code reports what is wrong.
std::optional<std::string> planner_of(const Environment& environment) {
  const runtime::Layout layout = runtime_layout(environment);
  try {
    const auto assets = read_file_if_exists(layout.asset_manifest_path);
    const auto receipt = runtime::receipt_digest(layout);
    if (!assets || !receipt) return std::nullopt;
    // The version alone is not enough: two builds of one version may compile differently.
    return std::string(version) + " " + build_id() + " " + hex(sha256(*assets)) + " " + *receipt;
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

bool without_cache(const Session& session) {
  return session.no_cache || session.environment.variable("KTX_NO_CACHE").has_value();
}

std::optional<semantic::PlanCache> open_plan_cache(const Session& session) {
  if (without_cache(session)) return std::nullopt;
  auto directory = cache::cache_directory(session.environment);
  if (!directory) return std::nullopt;
  auto planner = planner_of(session.environment);
  if (!planner) return std::nullopt;
  return semantic::PlanCache(cache::Store(*std::move(directory)), *std::move(planner));
}

const cache::Store* store_of(const semantic::PlanCache* cache) {
  return cache == nullptr ? nullptr : &cache->store();
}

ConnectionSources::ConnectionSources(const Session& session, const project::Project& project,
                                     std::string connection_id, const cache::Store* store)
    : session_(session),
      project_(project),
      connection_id_(std::move(connection_id)),
      store_(store),
      digest_(project::source_tree_digest(project.directory, connection_id_, store)) {}

bool ConnectionSources::read() {
  if (tree_) return sound_;
  tree_ = project::load_source_tree(project_.directory, connection_id_, store_);
  // A digest from the index stays, even if the files have changed since: `is_consistent` compares the two.
  if (!digest_) digest_ = tree_->digest;
  sound_ = report_findings(session_, tree_->findings);
  if (sound_ && tree_->sources.empty()) {
    throw Error(ErrorKind::model, "The connection " + connection_id_ + " has no semantic-layer sources",
                "Write one to semantic-layer/" + connection_id_ + "/<source>.yaml");
  }
  return sound_;
}

const project::SourceTree& ConnectionSources::tree() {
  if (read()) return *tree_;
  // Callers have checked the files before: they were edited since.
  throw Error(ErrorKind::model,
              "The sources of the connection " + connection_id_ + " were changed while they were in use",
              "Correct what is named above, and run the command again");
}

QueryPlanning::QueryPlanning(const semantic::PlanCache* cache, ConnectionSources sources,
                             PlanningRequest request)
    : cache_(cache),
      sources_(std::move(sources)),
      model_name_(known_model_name()),
      question_(semantic::question_of({semantic::Model([this] { return model_text(); }, model_name_),
                                       std::move(request.query), std::move(request.dialect), request.explain,
                                       std::move(request.timezone), std::move(request.calendar)})),
      explain_(request.explain) {}

std::optional<semantic::CompiledQuery> QueryPlanning::recall() {
  if (cache_ == nullptr || !sources_.digest()) return std::nullopt;
  const auto answer = cache_->answer(*sources_.digest(), question_);
  if (!answer) return std::nullopt;
  // Findings and places are reported from the files, which may have been edited since the digest was taken.
  if (answer->needs_sources && (!sources_.read() || !sources_.is_consistent())) return std::nullopt;
  record_fact("transport", "cache");
  return decode(answer->reply);
}

bool QueryPlanning::prepare() { return model_name_ || sources_.read(); }

semantic::CompiledQuery QueryPlanning::compile(semantic::Transport& planner) {
  const std::string reply = semantic::ask(planner, question_);
  semantic::CompiledQuery compiled = decode(reply);
  keep(reply, compiled);
  return compiled;
}

// A model in the cache had no findings when it was stored, so its files need not be read to report them.
std::optional<std::string> QueryPlanning::known_model_name() const {
  if (cache_ == nullptr || !sources_.digest()) return std::nullopt;
  return cache_->model_digest(*sources_.digest());
}

// The cached text if there is one: a known name means that the files it came from have not changed.
std::string QueryPlanning::model_text() {
  if (model_name_) {
    if (auto text = cache_->model_text(*sources_.digest())) return *std::move(text);
  }
  return sources_.tree().sources_json();
}

semantic::CompiledQuery QueryPlanning::decode(const std::string& reply) {
  return semantic::decode_query_reply(reply, explain_, [this](const std::string& source, const Json& path) {
    return sources_.tree().place(source, path);
  });
}

// An answer compiled while the files were edited belongs to no state of them that could be recognised later.
// It is cached only if all that was seen of the files has one digest.
void QueryPlanning::keep(const std::string& reply, const semantic::CompiledQuery& compiled) const {
  if (cache_ == nullptr || !sources_.is_consistent()) return;
  // An answer with places or findings is only useful with the sources beside it, so that `recall` reads them
  // again.
  const bool has_places =
      std::ranges::any_of(compiled.warnings, [](const auto& warning) { return !warning.place.empty(); });
  const bool has_findings = sources_.has_findings();
  cache_->keep(*sources_.digest(), question_, {reply, has_places || has_findings});
  // Only a model without findings: `known_model_name` relies on that.
  if (!model_name_ && !has_findings) cache_->keep(*sources_.digest(), question_.model);
}

}  // namespace ktx::app
