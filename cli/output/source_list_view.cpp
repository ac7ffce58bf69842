#include "ktx/output/source_list_view.hpp"

#include <algorithm>
#include <utility>

#include "ktx/util/text.hpp"

namespace ktx::cli {
namespace {

std::string json_text(const std::vector<SourceListItem>& items) {
  Json list = Json::array();
  for (const SourceListItem& item : items) list.push_back(item_json(item));
  return pretty_json({{"kind", "list"}, {"data", {{"items", list}}}, {"meta", {{"command", "sl list"}}}});
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
    if (i == 0 || items[i - 1].connection_id != group) {
      const auto size = std::ranges::count(items, group, &SourceListItem::connection_id);
      text += "│\n◇  " + group + " (" + counted(static_cast<std::size_t>(size), "source") + ")\n";
    }
    text += "│    " + items[i].name + "  " + summary(items[i]) + "\n";
  }
  return text + "│\n└  " +
         (items.empty() ? "No semantic-layer sources found" : counted(items.size(), "source")) + "\n";
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
  return item.connection_id + "\t" + item.name + "\tcolumns=" + std::to_string(item.columns) +
         "\tmeasures=" + std::to_string(item.measures) + "\tjoins=" + std::to_string(item.joins);
}

std::string summary(const SourceListItem& item) {
  std::string text = counted(item.columns, "col") + " · " + counted(item.measures, "measure") + " · " +
                     counted(item.joins, "join");
  // A description may have several lines; a list shows one.
  if (!item.description.empty()) text += " — " + std::string(first_line(item.description));
  return text;
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

}  // namespace ktx::cli
