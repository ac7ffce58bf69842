#include "source_checks.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "ktx/project/suggestion.hpp"
#include "ktx/util/spans.hpp"

namespace ktx::project {
namespace {

using Names = std::unordered_map<std::string_view, const YamlNode*>;

std::vector<std::string_view> keys(const Names& names) {
  std::vector<std::string_view> result;
  for (const auto& [name, node] : names) result.push_back(name);
  std::ranges::sort(result);  // the order of a hash map must not choose the suggestion
  return result;
}

/// The names in a list of named things; one that is there twice is reported.
Names check_unique(const Source& source, std::string_view list, std::string_view what, Findings& findings) {
  Names names;
  const YamlNode* nodes = source.definition.find(list);
  if (nodes == nullptr) return names;
  for (const YamlNode& node : nodes->items) {
    const YamlNode* name = node.find("name");
    if (name == nullptr || !name->is(YamlKind::string)) continue;
    const auto [first, added] = names.emplace(name->text, name);
    if (added) continue;
    std::string fix = "Rename or remove one of the two";
    if (what == "column" && first->second->mark.file != name->mark.file) {
      fix = "To replace the base's column, name it in exclude_columns";
    }
    findings.error(name->mark, "duplicate-" + std::string(what),
                   "Duplicate " + std::string(what) + " '" + name->text + "' on source '" + source.name +
                       "'; the other is at " + findings.place(first->second->mark),
                   {"", fix});
  }
  return names;
}

void check_column_types(const Source& source, Findings& findings) {
  const YamlNode* columns = source.definition.find("columns");
  if (columns == nullptr) return;
  for (const YamlNode& column : columns->items) {
    if (!column.is(YamlKind::mapping) || column.find("type") != nullptr) continue;
    findings.error(column.mark, "missing-key",
                   "column " + in_quotes(column.find_text("name").value_or("")) + " needs the key \"type\"",
                   {"", "Add a line: type: string (or number, time, boolean)"});
  }
}

void check_grain(const Source& source, const Names& columns, Findings& findings) {
  const YamlNode* grain = source.definition.find("grain");
  if (grain == nullptr || !grain->is(YamlKind::sequence)) return;
  if (grain->items.empty()) {
    findings.error(grain->mark, "empty-grain", "grain must be non-empty",
                   {"", "Name the columns that identify a row of " + source.name});
  }
  for (const YamlNode& column : grain->items) {
    if (!column.is(YamlKind::string) || columns.contains(column.text)) continue;
    findings.error(
        column.mark, "unknown-grain-column",
        "Source '" + source.name + "' has grain column '" + column.text + "' that is not in its columns list",
        {closest(column.text, keys(columns)), "Declare the column, or correct the grain"});
  }
}

void check_joins(const Source& source, const std::vector<Source>& sources, Findings& findings) {
  const YamlNode* joins = source.definition.find("joins");
  if (joins == nullptr) return;
  for (const YamlNode& join : joins->items) {
    const YamlNode* target = join.find("to");
    if (target == nullptr || !target->is(YamlKind::string)) continue;
    if (std::ranges::binary_search(sources, target->text, {}, &Source::name)) continue;
    std::vector<std::string_view> names;
    for (const Source& other : sources) names.push_back(other.name);
    findings.error(target->mark, "unknown-join-target",
                   "Source '" + source.name + "' joins to '" + target->text + "', but '" + target->text +
                       "' is not defined",
                   {closest(target->text, names), "Declare the source, or correct or remove the join"});
  }
}

}  // namespace

void check_sources(const std::vector<Source>& sources, bool complete, Findings& findings) {
  const ScopedSpan span("check sources");
  for (const Source& source : sources) {
    findings.about(source.name);
    const Names columns = check_unique(source, "columns", "column", findings);
    check_unique(source, "measures", "measure", findings);
    check_unique(source, "segments", "segment", findings);
    check_column_types(source, findings);
    check_grain(source, columns, findings);
    if (complete) check_joins(source, sources, findings);
  }
}

}  // namespace ktx::project
