#include "ktx/search/document.hpp"

#include <algorithm>

#include "ktx/project/measure.hpp"
#include "ktx/util/text.hpp"
#include "ktx/yaml/node.hpp"

namespace ktx::search {
namespace {

std::vector<ColumnValue> enum_values_of(const std::vector<const yaml::Node*>& columns) {
  std::vector<ColumnValue> values;
  for (const yaml::Node* column : columns) {
    const yaml::Node* lists = column->find_value("enum_values");
    if (lists == nullptr) continue;
    const std::string name = column->find_text("name").value_or("");
    for (const yaml::Member& list : lists->members) {
      for (const yaml::Node& value : list.value.items) values.push_back({name, value.text});
    }
  }
  std::ranges::sort(values);
  // Several tools may list the same values.
  values.erase(std::ranges::unique(values).begin(), values.end());
  return values;
}

std::vector<std::string> text_columns_of(const std::vector<const yaml::Node*>& columns) {
  std::vector<std::string> names;
  for (const yaml::Node* column : columns) {
    // Computed columns are not in the relation.
    if (column->find_text("type") != "string" || column->find_value("expr") != nullptr) continue;
    if (auto name = column->find_text("name")) names.push_back(*std::move(name));
  }
  return names;
}

std::string relation_of(const yaml::Node& definition) {
  if (auto table = definition.find_text("table")) return *std::move(table);
  std::string sql = definition.find_text("sql").value_or("");
  sql.erase(sql.find_last_not_of("; \t\r\n") + 1);
  return sql.empty() ? sql : "(" + sql + "\n)";  // the line break ends a comment in the SQL's last line
}

}  // namespace

std::string title_of(std::string name) {
  std::ranges::replace_if(
      name, [](char c) { return c == '_' || c == '-' || c == '/'; }, ' ');
  return name;
}

Document make_document(const std::string& connection_id, const project::Source& source) {
  const auto columns = visible_columns(source);
  return {.connection_id = connection_id,
          .name = source.name,
          .title = title_of(source.name),
          .text = source_text(source),
          .meaning = source_meaning(source),
          .enum_values = enum_values_of(columns),
          .relation = relation_of(source.definition),
          .text_columns = text_columns_of(columns)};
}

namespace {

using yaml::Member;
using yaml::Node;

constexpr std::size_t longest_freshness = 120;  // characters of JSON

std::string text_of(const yaml::Node& node, std::string_view key) {
  const yaml::Node* value = node.find_value(key);
  return value == nullptr ? "" : value->text;
}

// Appends " <word>", or nothing for an empty word.
void append_word(std::string& text, const std::string& word) {
  if (!word.empty()) text += " " + word;
}

std::string listed(const yaml::Node& list) {
  std::string text;
  for (const yaml::Node& item : list.items) text += (text.empty() ? "" : ", ") + item.text;
  return text;
}

// The members of the mapping at `key`; none when there is no such mapping.
const std::vector<yaml::Member>& members_of(const yaml::Node& node, std::string_view key) {
  static const std::vector<yaml::Member> none;
  const yaml::Node* value = node.find_value(key);
  return value == nullptr ? none : value->members;
}

const std::vector<yaml::Node>& items_of(const yaml::Node& node, std::string_view key) {
  static const std::vector<yaml::Node> none;
  const yaml::Node* value = node.find_value(key);
  return value == nullptr ? none : value->items;
}

bool is_constrained(const yaml::Node& column, std::string_view constraint) {
  return std::ranges::any_of(members_of(column, "constraints"), [&](const yaml::Member& tool) {
    const yaml::Node* value = tool.value.find_value(constraint);
    return value != nullptr && value->is(yaml::Kind::boolean) && value->boolean();
  });
}

std::string column_text(const yaml::Node& column) {
  std::string text = text_of(column, "name");
  if (const std::string type = text_of(column, "type"); !type.empty()) text += " (" + type + ")";
  append_word(text, project::description_of(column));
  for (const yaml::Member& tool : members_of(column, "enum_values")) {
    text += " [" + tool.key + " values: " + listed(tool.value) + "]";
  }
  for (const char* constraint : {"not_null", "unique"}) {
    if (is_constrained(column, constraint)) append_word(text, constraint);
  }
  return text;
}

std::string measure_text(const yaml::Node& measure) {
  std::string text = "measure: " + text_of(measure, "name");
  append_word(text, project::expression_of(measure));
  append_word(text, project::description_of(measure));
  return text;
}

std::string join_text(const yaml::Node& join) {
  return "join: " + text_of(join, "to") + " (" + text_of(join, "relationship") + ")";
}

// The first `characters` code points of a text.
std::string cut(const std::string& text, std::size_t characters) {
  std::string_view rest = text;
  while (characters-- > 0 && take_code_point(rest)) continue;
  return text.substr(0, text.size() - rest.size());
}

std::string freshness_text(const yaml::Member& tool) {
  std::string json;
  yaml::append_json(json, tool.value);
  return tool.key + " freshness: " + cut(json, longest_freshness);
}

// A name in words, and what is said of it: "refund rate: Refunds by revenue".
std::string named_meaning(const yaml::Node& named) {
  std::string text = title_of(text_of(named, "name"));
  if (const std::string said = project::description_of(named); !said.empty()) text += ": " + said;
  return text;
}

// Keys join sources and say nothing of what they are about.
bool is_key(const std::string& column) { return column == "id" || column.ends_with("_id"); }

std::string column_meaning(const yaml::Node& column) {
  std::string text = named_meaning(column);
  for (const yaml::Member& tool : members_of(column, "enum_values")) text += " (" + listed(tool.value) + ")";
  return text;
}

void append_part(std::string& text, const std::string& part) {
  if (part.empty()) return;
  if (!text.empty()) text += ". ";
  text += part;
}

// The column that a source's facts are dated by, with the name by which questions mean it.
void append_default_time(std::string& text, const project::Source& source) {
  if (const std::string column = project::default_time_of(source); !column.empty()) {
    append_part(text, std::string(project::metric_time) + ", default time: " + column);
  }
}

}  // namespace

std::vector<const yaml::Node*> visible_columns(const project::Source& source) {
  std::vector<const yaml::Node*> columns;
  for (const yaml::Node& column : items_of(source.definition, "columns")) {
    if (project::is_visible(column)) columns.push_back(&column);
  }
  return columns;
}

std::string source_text(const project::Source& source) {
  const yaml::Node& definition = source.definition;
  std::string text = title_of(source.name);
  append_part(text, source.description());
  if (const std::string table = text_of(definition, "table"); !table.empty()) {
    append_part(text, "table: " + table);
  }
  append_default_time(text, source);
  for (const yaml::Node* column : visible_columns(source)) append_part(text, column_text(*column));
  for (const yaml::Node* measure : project::visible_measures(source))
    append_part(text, measure_text(*measure));
  for (const yaml::Node& join : items_of(definition, "joins")) append_part(text, join_text(join));
  for (const yaml::Member& tool : members_of(definition, "tags")) {
    append_part(text, tool.key + " tags: " + listed(tool.value));
  }
  for (const yaml::Member& tool : members_of(definition, "freshness"))
    append_part(text, freshness_text(tool));
  return text;
}

std::string source_meaning(const project::Source& source) {
  const yaml::Node& definition = source.definition;
  std::string text = title_of(source.name);
  append_part(text, source.description());
  for (const yaml::Node* measure : project::visible_measures(source)) {
    append_part(text, named_meaning(*measure));
  }
  for (const yaml::Node& segment : items_of(definition, "segments"))
    append_part(text, named_meaning(segment));
  for (const yaml::Node* column : visible_columns(source)) {
    if (!is_key(text_of(*column, "name"))) append_part(text, column_meaning(*column));
  }
  if (const std::string table = text_of(definition, "table"); !table.empty()) {
    append_part(text, "table " + table);
  }
  return text;
}

}  // namespace ktx::search
