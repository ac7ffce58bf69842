#include "ktx/search/document.hpp"

#include <algorithm>

#include "source_text.hpp"

namespace ktx::search {
namespace {

std::vector<ColumnValue> enum_values_of(const std::vector<const project::YamlNode*>& columns) {
  std::vector<ColumnValue> values;
  for (const project::YamlNode* column : columns) {
    const project::YamlNode* lists = column->find_value("enum_values");
    if (lists == nullptr) continue;
    const std::string name = column->find_text("name").value_or("");
    for (const project::YamlMember& list : lists->members) {
      for (const project::YamlNode& value : list.value.items) values.push_back({name, value.text});
    }
  }
  std::ranges::sort(values);
  values.erase(std::ranges::unique(values).begin(), values.end());
  return values;
}

std::vector<std::string> text_columns_of(const std::vector<const project::YamlNode*>& columns) {
  std::vector<std::string> names;
  for (const project::YamlNode* column : columns) {
    if (column->find_text("type") != "string" || column->find_value("expr") != nullptr) continue;
    if (auto name = column->find_text("name")) names.push_back(*std::move(name));
  }
  return names;
}

std::string relation_of(const project::YamlNode& definition) {
  if (auto table = definition.find_text("table")) return *std::move(table);
  std::string sql = definition.find_text("sql").value_or("");
  sql.erase(sql.find_last_not_of("; \t\r\n") + 1);
  return sql.empty() ? sql : "(" + sql + "\n)";  // the line break ends a comment
}

}  // namespace

std::string title_of(std::string name) {
  std::ranges::replace_if(
      name, [](char c) { return c == '_' || c == '-' || c == '/'; }, ' ');
  return name;
}

Document make_document(const std::string& connection_id, const project::Source& source) {
  const auto columns = visible_columns(source);
  return {connection_id,           source.name,
          title_of(source.name),   source_text(source),
          enum_values_of(columns), relation_of(source.definition),
          text_columns_of(columns)};
}

}  // namespace ktx::search
