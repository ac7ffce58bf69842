#include "column_inheritance.hpp"

#include <algorithm>
#include <string>

#include "ktx/project/suggestion.hpp"

namespace ktx::project {
namespace {

/// Lower case, without the quotes that a dialect may put around names.
std::string plain_name(std::string_view table) {
  std::string result;
  for (const char c : table) {
    if (c == '"' || c == '`' || c == '[' || c == ']') continue;
    result += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return result;
}

bool is_suffix(const std::string& whole, const std::string& end) {
  return whole == end || whole.ends_with("." + end);
}

std::vector<const Source*> find_bases(const std::string& wanted, std::span<const Source> manifest) {
  std::vector<const Source*> found;
  for (const Source& source : manifest) {
    if (source.name == wanted) return {&source};
    const std::string table = plain_name(source.definition.find_text("table").value_or(""));
    const std::string name = plain_name(wanted);
    if (!table.empty() && (is_suffix(table, name) || is_suffix(name, table))) found.push_back(&source);
  }
  return found;
}

void fill(YamlNode& column, const YamlNode& base) {
  const bool described =
      column.find_value("description") != nullptr || column.find_value("descriptions") != nullptr;
  for (const char* key : {"type", "role"}) {
    const YamlNode* value = base.find_value(key);
    if (value != nullptr && column.find_value(key) == nullptr) column.set(key, *value);
  }
  const YamlNode* descriptions = base.find_value("descriptions");
  if (descriptions != nullptr && !described) column.set("descriptions", *descriptions);
}

void report(const YamlNode& wanted, std::size_t count, std::span<const Source> manifest, Findings& findings) {
  std::vector<std::string_view> names;
  for (const Source& source : manifest) names.push_back(source.name);
  const std::string what =
      count == 0 ? "no manifest table is" : std::to_string(count) + " manifest tables could be";
  findings.warning(wanted.mark, count == 0 ? "unknown-inherited-source" : "ambiguous-inherited-source",
                   "inherits_columns_from: " + what + " \"" + wanted.text + "\"",
                   {count == 0 ? closest(wanted.text, names) : "", "Write the source's name as in _schema/"});
}

}  // namespace

void inherit_columns(Source& source, std::span<const Source> manifest, Findings& findings) {
  const YamlNode* wanted = source.definition.find_value("inherits_columns_from");
  YamlNode* columns = source.definition.find("columns");
  if (wanted == nullptr || columns == nullptr) return;
  const auto bases = find_bases(wanted->text, manifest);
  if (bases.size() != 1) {
    report(*wanted, bases.size(), manifest, findings);
    return;
  }
  const YamlNode* base_columns = bases.front()->definition.find("columns");
  if (base_columns == nullptr) return;
  for (YamlNode& column : columns->items) {
    const auto name = column.find_text("name");
    const auto is_it = [&](const YamlNode& base) { return name && base.find_text("name") == name; };
    const auto base = std::ranges::find_if(base_columns->items, is_it);
    if (base != base_columns->items.end()) fill(column, *base);
  }
}

}  // namespace ktx::project
