// Looking things up in a source tree.

#include "ktx/project/source.hpp"

#include <algorithm>

#include "ktx/util/spans.hpp"
#include "ktx/yaml/node.hpp"

namespace ktx::project {
namespace {

const yaml::Node* step_into(const yaml::Node& node, const Json& step) {
  if (step.is_string()) return node.find(step.get_ref<const std::string&>());
  if (!step.is_number_integer() || step.get<std::int64_t>() < 0) return nullptr;
  const auto index = step.get<std::size_t>();
  return index < node.items.size() ? &node.items[index] : nullptr;
}

}  // namespace

// Only the metrics have a kind: it is no key of a file.
bool Source::has_rows() const { return definition.find("kind") == nullptr; }

std::size_t Source::count(std::string_view list) const {
  const yaml::Node* nodes = definition.find(list);
  return nodes == nullptr ? 0 : nodes->items.size();
}

std::string Source::description() const { return description_of(definition); }

namespace {

std::string said_of(const yaml::Node& node) {
  if (const auto text = node.find_text("description"); text && !text->empty()) return *text;
  const yaml::Node* texts = node.find("descriptions");
  if (texts == nullptr) return {};
  for (const char* key : {"user", "ai", "dbt", "db"}) {
    if (const auto text = texts->find_text(key); text && !text->empty()) return *text;
  }
  for (const yaml::Member& member : texts->members) {
    if (!member.value.text.empty()) return member.value.text;
  }
  return {};
}

}  // namespace

std::string description_of(const yaml::Node& node) {
  std::string text = said_of(node);
  const auto label = node.find_text("label");
  if (!label || label->empty()) return text;
  return text.empty() ? *label : *label + ". " + text;
}

std::size_t SourceTree::count() const {
  return static_cast<std::size_t>(std::ranges::count_if(sources, &Source::has_rows));
}

std::string SourceTree::sources_json(const std::set<std::string>& except) const {
  const ScopedSpan span("encode sources");
  std::string json = "[";
  for (const Source& source : sources) {
    if (except.contains(source.name)) continue;
    if (json.size() > 1) json += ',';
    append_json(json, source.definition);
  }
  return json + "]";
}

std::optional<Place> SourceTree::place(std::string_view source, const Json& path) const {
  // The sources are sorted by name.
  const auto found = std::ranges::lower_bound(sources, source, {}, &Source::name);
  if (found == sources.end() || found->name != source) return std::nullopt;
  const yaml::Node* node = &found->definition;
  yaml::Mark mark = found->mark;
  for (const Json& step : path) {
    node = step_into(*node, step);
    if (node == nullptr) break;
    mark = node->mark;
  }
  return Place{files[mark.file], mark.line, mark.column};
}

}  // namespace ktx::project
