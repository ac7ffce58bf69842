#include "ktx/output/search_hit.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "ktx/terminal/text_width.hpp"

namespace ktx::cli {
namespace {

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

/// Whether there is nothing to be said or done about a lane that was skipped.
bool is_ordinary(std::string_view reason) {
  return reason == search::empty_query || reason == search::no_sources ||
         reason == search::embedding_unconfigured;
}

std::string listed_words(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + printable(word);
  return text;
}

/// "status = paid, open; channel = web".
std::string listed_matches(const std::vector<search::DictionaryMatch>& matches) {
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
  if (match.lane == search::LaneKind::dictionary) text += ": " + listed_matches(hit.dictionary);
  return text;
}

}  // namespace

std::string decimals(double value, int count) {
  std::array<char, 64> digits{};
  const auto written =
      std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed, count);
  return {digits.data(), written.ptr};
}

void add_hit(Json& item, const search::Hit& hit, const Lanes& lanes) {
  item["score"] = hit.score;
  item["matchReasons"] = Json::array();
  for (const auto& match : hit.matches) item["matchReasons"].push_back(search::name(match.lane));
  for (const auto& match : hit.dictionary) {
    item["dictionaryMatches"].push_back({{"column", match.column}, {"values", match.values}});
  }
  item["lanes"] = Json::array();
  for (const search::Lane& lane : lanes) item["lanes"].push_back(lane_json(lane, hit));
}

std::string hit_reasons(const search::Hit& hit) {
  std::string reasons;
  for (const auto& match : hit.matches) reasons += (reasons.empty() ? "" : " · ") + reason(match, hit);
  return reasons;
}

std::string render_lane_notes(const Lanes& lanes) {
  std::string text;
  for (const search::Lane& lane : lanes) {
    if (lane.reason.empty() || is_ordinary(lane.reason)) continue;
    text += "lane " + std::string(search::name(lane.kind)) + " " + std::string(search::name(lane.status)) +
            ": " + printable(lane.reason) + "\n";
  }
  return text;
}

bool lacks_embeddings(const Lanes& lanes) {
  return lanes[0].status == search::LaneStatus::skipped && lanes[0].reason == search::embedding_unconfigured;
}

}  // namespace ktx::cli
