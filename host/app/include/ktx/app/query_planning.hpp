#pragma once

#include <optional>
#include <string>

#include "ktx/app/session.hpp"
#include "ktx/cache/store.hpp"
#include "ktx/project/project.hpp"
#include "ktx/project/source_tree.hpp"
#include "ktx/semantic/messages.hpp"
#include "ktx/semantic/plan_cache.hpp"
#include "ktx/semantic/transport.hpp"

namespace ktx::app {

/// Whether the session, or KTX_NO_CACHE, forbids what was kept.
bool without_cache(const Session& session);

/// What was kept by earlier commands, for the planner that is installed. Nothing where that is forbidden,
/// without a place for it, or while no runtime is installed: the first query installs one, whatever was kept.
/// Throws a `usage` error when KTX_CACHE_DIR is relative.
std::optional<semantic::PlanCache> open_plan_cache(const Session& session);

/// The store in it; null for null.
const cache::Store* store_of(const semantic::PlanCache* cache);

/// The sources of a connection, read when more is needed of them than the digest of their files.
class ConnectionSources {
 public:
  /// `store` has the index of unchanged files; null without one. `session` and `project` must outlive this.
  ConnectionSources(const Session& session, const project::Project& project, std::string connection_id,
                    const cache::Store* store);

  /// Reads the files, if that was not done, and reports what is wrong with them. Returns whether the
  /// sources can be asked about. Throws a `model` error when there are none.
  bool read();

  /// What was read. Throws a `model` error when that cannot be asked about.
  const project::SourceTree& tree();

  /// Whether something was found in the files, as far as they were read.
  bool has_findings() const { return tree_ && !tree_->findings.empty(); }

  /// The digest of the files, as they were when they were first looked at. Nothing while no index knows it
  /// and nobody has read them.
  const std::optional<std::string>& digest() const { return digest_; }

  /// Whether everything seen of the files has that one digest: they may be edited while a question is
  /// answered.
  bool is_consistent() const { return digest_ && (!tree_ || tree_->digest == *digest_); }

 private:
  const Session& session_;
  const project::Project& project_;
  std::string connection_id_;
  const cache::Store* store_;
  std::optional<std::string> digest_;
  std::optional<project::SourceTree> tree_;
  bool sound_ = false;
};

/// What is asked about a connection's sources.
struct PlanningRequest {
  semantic::Query query;
  std::string dialect;
  std::optional<std::string> timezone;  ///< the connection's
  bool explain = false;
};

/// The way from a query to its SQL: what was compiled before, or else the planner.
class QueryPlanning {
 public:
  /// `cache` may be null; it must outlive this.
  QueryPlanning(const semantic::PlanCache* cache, ConnectionSources sources, PlanningRequest request);
  QueryPlanning(const QueryPlanning&) = delete;
  QueryPlanning& operator=(const QueryPlanning&) = delete;
  ~QueryPlanning() = default;

  /// What the same question about the same files was compiled to; nothing when that is not known. Reports the
  /// files' findings, as the planner's way does.
  std::optional<semantic::CompiledQuery> recall();

  /// Sees to it that there is a model to ask about. Returns whether there is; what is wrong with the files is
  /// then reported. Throws a `model` error when there are no sources.
  bool prepare();

  /// Asks the planner, and keeps its answer. Throws what `decode_query_reply` and the transport throw.
  semantic::CompiledQuery compile(semantic::Transport& planner);

 private:
  std::optional<std::string> known_model_name() const;
  std::string model_text();
  std::optional<std::string> locate(const std::string& source, const Json& path);
  semantic::CompiledQuery decode(const std::string& reply);
  void keep(const std::string& reply, const semantic::CompiledQuery& compiled) const;

  const semantic::PlanCache* cache_;
  ConnectionSources sources_;
  std::optional<std::string> model_name_;  ///< known before anything was read
  semantic::ModelQuestion question_;
  bool explain_;
};

}  // namespace ktx::app
