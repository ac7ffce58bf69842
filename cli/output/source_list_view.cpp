#include "output/source_list_view.hpp"

#include <algorithm>

#include "ktx/util/json.hpp"
#include "ktx/util/text.hpp"

namespace ktx::cli {
namespace {

std::string json_text(const std::vector<SourceListItem>& items) {
  Json list = Json::array();
  for (const SourceListItem& item : items) {
    Json& entry = list.emplace_back();
    entry["connectionId"] = item.connection_id;
    entry["name"] = item.name;
    entry["path"] = item.path;
    if (!item.description.empty()) entry["description"] = item.description;
    entry["columnCount"] = item.columns;
    entry["measureCount"] = item.measures;
    entry["joinCount"] = item.joins;
  }
  return pretty_json({{"kind", "list"}, {"data", {{"items", list}}}, {"meta", {{"command", "sl list"}}}});
}

std::string plain_text(const std::vector<SourceListItem>& items) {
  std::string text;
  for (const SourceListItem& item : items) {
    text += item.connection_id + "\t" + item.name + "\tcolumns=" + std::to_string(item.columns) +
            "\tmeasures=" + std::to_string(item.measures) + "\tjoins=" + std::to_string(item.joins) + "\n";
  }
  return text;
}

std::string counted(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

/// A description may have several lines; a list shows one.
std::string pretty_row(const SourceListItem& item) {
  std::string row = "│    " + item.name + "  " + counted(item.columns, "col") + " · " +
                    counted(item.measures, "measure") + " · " + counted(item.joins, "join");
  if (!item.description.empty()) row += " — " + std::string(first_line(item.description));
  return row + "\n";
}

std::string pretty_text(const std::vector<SourceListItem>& items) {
  std::string text = "┌  Semantic-layer sources\n";
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string& group = items[i].connection_id;
    if (i == 0 || items[i - 1].connection_id != group) {
      const auto size = std::ranges::count(items, group, &SourceListItem::connection_id);
      text += "│\n◇  " + group + " (" + counted(static_cast<std::size_t>(size), "source") + ")\n";
    }
    text += pretty_row(items[i]);
  }
  return text + "│\n└  " +
         (items.empty() ? "No semantic-layer sources found" : counted(items.size(), "source")) + "\n";
}

}  // namespace

std::string render_source_list(const std::vector<SourceListItem>& items, OutputMode mode) {
  switch (mode) {
    case OutputMode::json: return json_text(items);
    case OutputMode::plain: return plain_text(items);
    case OutputMode::pretty: return pretty_text(items);
  }
  return {};
}

}  // namespace ktx::cli
