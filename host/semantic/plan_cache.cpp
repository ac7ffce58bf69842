#include "ktx/semantic/plan_cache.hpp"

#include <initializer_list>
#include <utility>

#include "ktx/util/digest.hpp"
#include "ktx/util/spans.hpp"

namespace ktx::semantic {
namespace {

// The first line of an entry: whether the answer needs the source files too.
constexpr std::string_view with_sources = "sources\n";
constexpr std::string_view alone = "alone\n";

// Bytes of a model's text from which reading it from one file is faster than reading and composing its many.
constexpr std::size_t worth_keeping = 128 * cache::kibibyte;

// Each part with its length before it, so that different parts never make the same text.
std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) {
    text.append(std::to_string(part.size())).append(":").append(part);
  }
  return text;
}

}  // namespace

bool is_answer(std::string_view reply) { return reply.starts_with(R"({"ok":)"); }

PlanCache::PlanCache(cache::Store store, std::string planner)
    : store_(std::move(store)), planner_(std::move(planner)) {}

std::optional<PlanCache::Answer> PlanCache::answer(const std::string& files,
                                                   const ModelQuestion& question) const {
  const ScopedSpan span("look for a kept answer");
  auto value = store_.get(cache::answers, key(question.operation, files, question.members));
  if (!value) return std::nullopt;
  const bool needs_sources = value->starts_with(with_sources);
  // Of an unknown form: a miss.
  if (!needs_sources && !value->starts_with(alone)) return std::nullopt;
  value->erase(0, needs_sources ? with_sources.size() : alone.size());
  return Answer{*std::move(value), needs_sources};
}

void PlanCache::keep(const std::string& files, const ModelQuestion& question, const Answer& answer) const {
  if (!is_answer(answer.reply)) return;
  store_.put(cache::answers, key(question.operation, files, question.members),
             std::string(answer.needs_sources ? with_sources : alone) + answer.reply);
}

std::optional<std::string> PlanCache::model_digest(const std::string& files) const {
  return store_.get(cache::models, key("model", files, ""));
}

std::optional<std::string> PlanCache::model_text(const std::string& files) const {
  return store_.get(cache::model_texts, key("model", files, ""));
}

void PlanCache::keep(const std::string& files, const Model& model) const {
  const std::string& text = model.sources();
  if (text.size() >= worth_keeping) store_.put(cache::model_texts, key("model", files, ""), text);
  store_.put(cache::models, key("model", files, ""), model.digest());
}

std::string PlanCache::key(std::string_view sort, std::string_view files, std::string_view question) const {
  return hex(sha256(joined({sort, planner_, files, question})));
}

}  // namespace ktx::semantic
