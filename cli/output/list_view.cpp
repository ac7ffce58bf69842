#include "ktx/output/list_view.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "ktx/terminal/shown_text.hpp"
#include "ktx/terminal/text_width.hpp"
#include "ktx/util/json.hpp"
#include "ktx/util/text.hpp"

namespace ktx::cli {
namespace {

std::string json_text(const std::vector<SourceListItem>& items) {
  Json list = Json::array();
  for (const SourceListItem& item : items) list.push_back(item_json(item));
  return list_json(std::move(list), "sl list");
}

std::string plain_text(const std::vector<SourceListItem>& items) {
  std::string text;
  for (const SourceListItem& item : items) text += plain_fields(item) + "\n";
  return text;
}

std::string pretty_text(const std::vector<SourceListItem>& items) {
  std::string text = "┌  Semantic-layer sources\n";
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string& group = items[i].connection_id;
    // Sources are sorted by connection: a new group starts here.
    if (i == 0 || items[i - 1].connection_id != group) {
      const auto size = std::ranges::count(items, group, &SourceListItem::connection_id);
      text += "│\n◇  " + printable(group) + " (" + counted(static_cast<std::size_t>(size), "source") + ")\n";
    }
    text += "│    " + printable(items[i].name) + "  " + summary(items[i]) + "\n";
  }
  return text + "│\n└  " +
         (items.empty() ? "No semantic-layer sources found" : counted(items.size(), "source")) + "\n";
}

// With fewer cells than these a line is not worth breaking.
constexpr std::size_t least_text = 12;
constexpr std::string_view drawn_along = "│    ";

// What stands before the words of a line: the drawn character and the blanks behind it.
std::string_view lead_of(std::string_view line) {
  const std::size_t blank = std::min(line.find(' '), line.size());
  return line.substr(0, std::min(line.find_first_not_of(' ', blank), line.size()));
}

std::string fitted(std::string_view line, std::size_t columns) {
  const std::string_view lead = lead_of(line);
  const std::size_t used = std::max(display_width(lead), display_width(drawn_along));
  if (display_width(line) <= columns || columns < used + least_text) return std::string(line);
  std::string lines;
  for (const std::string& part : wrapped(line.substr(lead.size()), columns - used)) {
    if (lines.empty()) {
      lines = lead;
    } else {
      lines.append("\n").append(drawn_along);
    }
    lines += part;
  }
  return lines;
}

// The lane, whether it worked, and its match with the hit, if any.
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

// Whether it is normal that a lane was skipped for this reason.
bool is_ordinary(std::string_view reason) {
  return reason == search::empty_query || reason == search::no_sources ||
         reason == search::embedding_unconfigured;
}

std::string listed_words(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + printable(word);
  return text;
}

// "status = paid, open; channel = web".
std::string listed_matches(const std::vector<search::DictionaryMatch>& matches) {
  std::string text;
  for (const auto& match : matches) {
    text += (text.empty() ? "" : "; ") + printable(match.column) + " = " + listed_words(match.values);
  }
  return text;
}

// "token #1: paid, orders".
std::string reason(const search::LaneMatch& match, const search::Hit& hit) {
  std::string text = std::string(search::name(match.lane)) + " #" + std::to_string(match.rank);
  if (match.similarity) text += ": " + decimals(*match.similarity, 2);
  if (!match.words.empty()) text += ": " + listed_words(match.words);
  if (match.lane == search::LaneKind::dictionary) text += ": " + listed_matches(hit.dictionary);
  return text;
}

Json found_json(const FoundSource& source, const FoundSources& found) {
  Json json = item_json(source.item);
  add_hit(json, source.hit, found.lanes);
  return json;
}

std::string found_json_text(const FoundSources& found) {
  Json items = Json::array();
  for (const FoundSource& source : found.sources) items.push_back(found_json(source, found));
  return list_json(std::move(items), "sl search");
}

std::string found_plain_text(const FoundSources& found) {
  std::string text;
  for (const FoundSource& source : found.sources) {
    text += plain_fields(source.item) + "\tscore=" + decimals(source.hit.score, 6) + "\n";
  }
  return text;
}

std::string found_pretty_row(const FoundSource& source) {
  const std::string text = "│\n◇  " + printable(source.item.connection_id + "/" + source.item.name) +
                           "  score " + decimals(source.hit.score, 4) + "\n│    " + summary(source.item) +
                           "\n";
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

SourceListItem list_item(const project::SourceTree& tree, const project::Source& source,
                         std::string connection_id) {
  return {std::move(connection_id),     source.name,
          tree.files[source.mark.file], source.description(),
          source.count("columns"),      source.count("measures"),
          source.count("joins")};
}

Json item_json(const SourceListItem& item) {
  Json entry = {{"connectionId", item.connection_id}, {"name", item.name}, {"path", item.path}};
  if (!item.description.empty()) entry["description"] = item.description;
  entry["columnCount"] = item.columns;
  entry["measureCount"] = item.measures;
  entry["joinCount"] = item.joins;
  return entry;
}

std::string plain_fields(const SourceListItem& item) {
  return printable(item.connection_id) + "\t" + printable(item.name) +
         "\tcolumns=" + std::to_string(item.columns) + "\tmeasures=" + std::to_string(item.measures) +
         "\tjoins=" + std::to_string(item.joins);
}

std::string summary(const SourceListItem& item) {
  std::string text = counted(item.columns, "col") + " · " + counted(item.measures, "measure") + " · " +
                     counted(item.joins, "join");
  // Of a description with several lines a list shows the first.
  if (!item.description.empty()) text += " — " + printable(first_line(item.description));
  return text;
}

std::string list_json(Json items, const char* command) {
  return pretty_json(
      {{"kind", "list"}, {"data", {{"items", std::move(items)}}}, {"meta", {{"command", command}}}});
}

std::string counted(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string render_source_list(const std::vector<SourceListItem>& items, OutputMode mode) {
  switch (mode) {
    case OutputMode::json: return json_text(items);
    case OutputMode::plain: return plain_text(items);
    case OutputMode::pretty: return pretty_text(items);
  }
  return {};
}

std::string fit_pretty_list(std::string_view text, std::size_t columns) {
  std::string fit;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    fit += fitted(text.substr(0, end), columns) + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return fit;
}

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
  // The semantic lane is the first one.
  return lanes[0].status == search::LaneStatus::skipped && lanes[0].reason == search::embedding_unconfigured;
}

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
