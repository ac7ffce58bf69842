#include "query_planning.hpp"

#include <algorithm>
#include <utility>

#include "ktx/semantic/model_question.hpp"
#include "ktx/util/spans.hpp"

namespace ktx::cli {

QueryPlanning::QueryPlanning(const semantic::PlanCache* cache, ConnectionSources sources,
                             PlanningRequest request)
    : cache_(cache),
      sources_(std::move(sources)),
      model_name_(known_model_name()),
      question_(semantic::question({semantic::Model([this] { return model_text(); }, model_name_),
                                    std::move(request.query), std::move(request.dialect), request.explain,
                                    std::move(request.timezone)})),
      explain_(request.explain) {}

std::optional<semantic::CompiledQuery> QueryPlanning::recall() {
  if (cache_ == nullptr || !sources_.digest()) return std::nullopt;
  const auto answer = cache_->answer(*sources_.digest(), question_);
  if (!answer) return std::nullopt;
  // The files may have been edited since their digest was taken.
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

/// A model that is known by name has no findings, so that its files need not be read to report them.
std::optional<std::string> QueryPlanning::known_model_name() const {
  if (cache_ == nullptr || !sources_.digest()) return std::nullopt;
  return cache_->model_name(*sources_.digest());
}

/// The text that was kept, where it was; a known name says that the files it was made of are still the same.
std::string QueryPlanning::model_text() {
  if (model_name_) {
    if (auto text = cache_->model_text(*sources_.digest())) return *std::move(text);
  }
  return sources_.tree().sources_json();
}

std::optional<std::string> QueryPlanning::locate(const std::string& source, const Json& path) {
  return sources_.tree().locate(source, path);
}

semantic::CompiledQuery QueryPlanning::decode(const std::string& reply) {
  return semantic::decode_query_reply(
      reply, explain_, [this](const std::string& source, const Json& path) { return locate(source, path); });
}

/// Only if all that was seen of the files has one digest: what was compiled while somebody edited them is an
/// answer, but nobody can say to which state.
void QueryPlanning::keep(const std::string& reply, const semantic::CompiledQuery& compiled) const {
  if (cache_ == nullptr || !sources_.is_consistent()) return;
  const bool has_places =
      std::ranges::any_of(compiled.warnings, [](const auto& warning) { return !warning.place.empty(); });
  const bool has_findings = sources_.has_findings();
  cache_->keep(*sources_.digest(), question_, {reply, has_places || has_findings});
  if (!model_name_ && !has_findings) cache_->keep(*sources_.digest(), question_.model);
}

}  // namespace ktx::cli
