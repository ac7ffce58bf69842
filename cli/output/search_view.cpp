#include "output/search_view.hpp"

#include <algorithm>
#include <charconv>

#include "ktx/util/json.hpp"
#include "output/text_width.hpp"

namespace ktx::cli {
namespace {

std::string decimals(double value, int count) {
  std::array<char, 64> digits{};
  const auto written =
      std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed, count);
  return {digits.data(), written.ptr};
}

/// What the lane is, whether it worked, and where it found the source, if it did.
Json lane_json(const search::Lane& lane, const search::Hit& hit) {
  Json json = {{"lane", search::name(lane.kind)}, {"status", search::name(lane.status)}};
  if (!lane.reason.empty()) json["reason"] = lane.reason;
  const auto match = std::ranges::find(hit.matches, lane.kind, &search::LaneMatch::lane);
  if (match == hit.matches.end()) return json;
  json["rank"] = match->rank;
  json["contribution"] = match->contribution;
  if (match->similarity) json["similarity"] = *match->similarity;
  if (!match->words.empty()) json["words"] = match->words;
  return json;
}

Json found_json(const FoundSource& source, const FoundSources& found) {
  Json json = item_json(source.item);
  json["score"] = source.hit.score;
  json["matchReasons"] = Json::array();
  for (const auto& match : source.hit.matches) json["matchReasons"].push_back(search::name(match.lane));
  for (const auto& match : source.hit.dictionary) {
    json["dictionaryMatches"].push_back({{"column", match.column}, {"values", match.values}});
  }
  json["lanes"] = Json::array();
  for (const search::Lane& lane : found.lanes) json["lanes"].push_back(lane_json(lane, source.hit));
  return json;
}

/// Whether there is nothing to be said or done about a lane that was skipped.
bool is_ordinary(std::string_view reason) {
  return reason == search::empty_query || reason == search::no_sources ||
         reason == search::embedding_unconfigured;
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

std::string listed_words(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + printable(word);
  return text;
}

/// "status = paid, open; channel = web".
std::string listed_values(const std::vector<search::DictionaryMatch>& matches) {
  std::string text;
  for (const auto& match : matches) {
    text += (text.empty() ? "" : "; ") + printable(match.column) + " = " + listed_words(match.values);
  }
  return text;
}

/// "token #1: paid, orders".
std::string reason(const search::LaneMatch& match, const search::Hit& hit) {
  std::string text = std::string(search::name(match.lane)) + " #" + std::to_string(match.rank);
  if (match.similarity) text += ": " + decimals(*match.similarity, 2);
  if (!match.words.empty()) text += ": " + listed_words(match.words);
  if (match.lane == search::LaneKind::dictionary) text += ": " + listed_values(hit.dictionary);
  return text;
}

std::string found_pretty_row(const FoundSource& source) {
  const std::string text = "│\n◇  " + source.item.connection_id + "/" + source.item.name + "  score " +
                           decimals(source.hit.score, 4) + "\n│    " + summary(source.item) + "\n";
  std::string reasons;
  for (const auto& match : source.hit.matches) {
    reasons += (reasons.empty() ? "" : " · ") + reason(match, source.hit);
  }
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

std::string render_lane_notes(const FoundSources& found) {
  std::string text;
  for (const search::Lane& lane : found.lanes) {
    if (lane.reason.empty() || is_ordinary(lane.reason)) continue;
    text += "lane " + std::string(search::name(lane.kind)) + " " + std::string(search::name(lane.status)) +
            ": " + printable(lane.reason) + "\n";
  }
  return text;
}

std::string nothing_found(const FoundSources& found) {
  if (found.searched == 0) return "No semantic-layer sources found";
  return "No source matches; ktx sl list shows all " + std::to_string(found.searched);
}

}  // namespace ktx::cli
