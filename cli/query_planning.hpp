#pragma once

#include <optional>

#include "connection_sources.hpp"
#include "ktx/semantic/messages.hpp"
#include "ktx/semantic/plan_cache.hpp"
#include "ktx/semantic/transport.hpp"

namespace ktx::cli {

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

  /// What the same question about the same files was compiled to; nothing when that is not known. Says the
  /// files' findings on stderr, as the planner's way does.
  std::optional<semantic::CompiledQuery> recall();

  /// Sees to it that there is a model to ask about. Returns whether there is; what is wrong with the files is
  /// then on stderr. Throws a `model` error when there are no sources.
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

}  // namespace ktx::cli
