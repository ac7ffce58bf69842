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

/// Whether the session or KTX_NO_CACHE forbids the use of caches.
bool without_cache(const Session& session);

/// The cache of plans that the installed planner has made. std::nullopt if caches are forbidden, if there is
/// no directory for them, or if no runtime is installed: the first query shall install one, even if its
/// answer is cached. Throws a `usage` error if KTX_CACHE_DIR is relative.
std::optional<semantic::PlanCache> open_plan_cache(const Session& session);

/// The store that the cache is in; null if `cache` is null.
const cache::Store* store_of(const semantic::PlanCache* cache);

/// The sources of a connection. The files are read only when their digest is not enough.
class ConnectionSources {
 public:
  /// `store` has the index of unchanged files, and may be null. `session` and `project` must outlive this.
  ConnectionSources(const Session& session, const project::Project& project, std::string connection_id,
                    const cache::Store* store);

  /// Reads the files on the first call, and reports the problems in them. Returns whether the sources can be
  /// queried. Throws a `model` error if there are none.
  bool read();

  /// The sources. Throws a `model` error if they cannot be queried.
  const project::SourceTree& tree();

  /// Whether there are findings in the files, as far as they were read.
  bool has_findings() const { return tree_ && !tree_->findings.empty(); }

  /// The digest of the files when they were first looked at. std::nullopt if the index does not know them and
  /// they were not read yet.
  const std::optional<std::string>& digest() const { return digest_; }

  /// Whether all that was seen of the files has one digest. It may not: they may be edited while a query is
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

/// A query, and how it is to be compiled.
struct PlanningRequest {
  semantic::Query query;
  std::string dialect;
  std::optional<std::string> timezone;  ///< of the connection; the query may name another
  bool explain = false;
  Json calendar = nullptr;  ///< of the connection
};

/// Compiles a query to SQL: from the cache if it has the answer, else by the planner.
class QueryPlanning {
 public:
  /// `cache` may be null; it must outlive this.
  QueryPlanning(const semantic::PlanCache* cache, ConnectionSources sources, PlanningRequest request);
  QueryPlanning(const QueryPlanning&) = delete;
  QueryPlanning& operator=(const QueryPlanning&) = delete;
  ~QueryPlanning() = default;

  /// The cached answer to the same question about the same files, or std::nullopt. Reports the findings in
  /// the files, as the way through the planner does.
  std::optional<semantic::CompiledQuery> recall();

  /// Makes sure that there is a model to query. Returns false if the files have errors, after reporting them.
  /// Throws a `model` error if there are no sources.
  bool prepare();

  /// Asks the planner, and caches its answer. Throws what `decode_query_reply` and the transport throw.
  semantic::CompiledQuery compile(semantic::Transport& planner);

 private:
  std::optional<std::string> known_model_name() const;
  std::string model_text();
  semantic::CompiledQuery decode(const std::string& reply);
  void keep(const std::string& reply, const semantic::CompiledQuery& compiled) const;

  const semantic::PlanCache* cache_;
  ConnectionSources sources_;
  std::optional<std::string> model_name_;  ///< known before anything was read
  semantic::ModelQuestion question_;
  bool explain_;
};

}  // namespace ktx::app
