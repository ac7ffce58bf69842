#include "ktx/output/search_view.hpp"

#include "ktx/util/json.hpp"

namespace ktx::cli {
namespace {

Json found_json(const FoundSource& source, const FoundSources& found) {
  Json json = item_json(source.item);
  add_hit(json, source.hit, found.lanes);
  return json;
}

std::string found_json_text(const FoundSources& found) {
  Json items = Json::array();
  for (const FoundSource& source : found.sources) items.push_back(found_json(source, found));
  return pretty_json({{"kind", "list"}, {"data", {{"items", items}}}, {"meta", {{"command", "sl search"}}}});
}

std::string found_plain_text(const FoundSources& found) {
  std::string text;
  for (const FoundSource& source : found.sources) {
    text += plain_fields(source.item) + "\tscore=" + decimals(source.hit.score, 6) + "\n";
  }
  return text;
}

std::string found_pretty_row(const FoundSource& source) {
  const std::string text = "│\n◇  " + source.item.connection_id + "/" + source.item.name + "  score " +
                           decimals(source.hit.score, 4) + "\n│    " + summary(source.item) + "\n";
  const std::string reasons = hit_reasons(source.hit);
  return reasons.empty() ? text : text + "│    " + reasons + "\n";
}

std::string found_pretty_text(const FoundSources& found) {
  std::string text = "┌  Semantic-layer search\n";
  for (const FoundSource& source : found.sources) text += found_pretty_row(source);
  return text + "│\n└  " +
         (found.sources.empty() ? nothing_found(found) : counted(found.sources.size(), "source")) + "\n";
}

}  // namespace

std::string render_found_sources(const FoundSources& found, OutputMode mode) {
  switch (mode) {
    case OutputMode::json: return found_json_text(found);
    case OutputMode::plain: return found_plain_text(found);
    case OutputMode::pretty: return found_pretty_text(found);
  }
  return {};
}

std::string nothing_found(const FoundSources& found) {
  if (found.searched == 0) return "No semantic-layer sources found";
  return "No source matches; ktx sl list shows all " + std::to_string(found.searched);
}

}  // namespace ktx::cli
