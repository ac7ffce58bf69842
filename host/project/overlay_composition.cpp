#include "overlay_composition.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "ktx/project/suggestion.hpp"

namespace ktx::project {
namespace {

/// As Python's `" ".join(text.split())`: what makes two spellings of a join condition equal.
std::string single_spaced(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!space) {
      result += c;
    } else if (!result.empty() && result.back() != ' ') {
      result += ' ';
    }
  }
  if (result.ends_with(' ')) result.pop_back();
  return result;
}

std::string member_text(const YamlNode& node, std::string_view key) {
  return node.find_text(key).value_or("");
}

YamlNode& list_of(YamlNode& definition, std::string_view key, const Mark& mark) {
  if (definition.find(key) == nullptr) definition.set(key, YamlNode::sequence(mark));
  return *definition.find(key);
}

void merge_descriptions(YamlNode& definition, const YamlNode& overlay) {
  const YamlNode* text = overlay.find_value("description");
  const YamlNode* texts = overlay.find_value("descriptions");
  if (text == nullptr && texts == nullptr) return;
  if (definition.find("descriptions") == nullptr) {
    definition.set("descriptions", YamlNode::mapping((text == nullptr ? texts : text)->mark));
  }
  YamlNode& merged = *definition.find("descriptions");
  if (const YamlNode* own = definition.find_value("description")) {
    const YamlNode copy = *own;
    if (merged.find("user") == nullptr) merged.set("user", copy);
  }
  if (texts != nullptr) {
    for (const YamlMember& member : texts->members) merged.set(member.key, member.value);
  }
  if (text != nullptr) merged.set("user", *text);
  definition.erase("description");
}

void exclude_columns(YamlNode& definition, const YamlNode& overlay, const std::string& name,
                     Findings& findings) {
  const YamlNode* excluded = overlay.find_value("exclude_columns");
  YamlNode* columns = definition.find("columns");
  if (excluded == nullptr || columns == nullptr) return;
  for (const YamlNode& column : excluded->items) {
    const auto is_it = [&](const YamlNode& item) { return item.find_text("name") == column.text; };
    if (std::erase_if(columns->items, is_it) > 0) continue;
    std::vector<std::string_view> names;
    for (const YamlNode& item : columns->items) {
      if (const YamlNode* item_name = item.find("name")) names.push_back(item_name->text);
    }
    findings.warning(column.mark, "unknown-excluded-column",
                     "exclude_columns names \"" + column.text + "\", which " + name + " does not have",
                     {closest(column.text, names), "Remove it from exclude_columns"});
  }
}

void disable_joins(YamlNode& definition, const YamlNode& overlay, const std::string& name,
                   Findings& findings) {
  const YamlNode* disabled = overlay.find_value("disable_joins");
  if (disabled == nullptr) return;
  YamlNode& joins = list_of(definition, "joins", overlay.mark);
  for (const YamlNode& condition : disabled->items) {
    const std::string wanted = single_spaced(condition.text);
    const auto is_it = [&](const YamlNode& join) { return single_spaced(member_text(join, "on")) == wanted; };
    if (std::erase_if(joins.items, is_it) > 0) continue;
    findings.warning(condition.mark, "unknown-disabled-join",
                     "disable_joins names \"" + condition.text + "\", which is no join of " + name,
                     {"", "Copy the join's `on` as it is written in the base, or remove the line"});
  }
}

void append_joins(YamlNode& definition, const YamlNode& overlay) {
  const YamlNode* added = overlay.find_value("joins");
  if (added == nullptr) return;
  YamlNode& joins = list_of(definition, "joins", added->mark);
  for (const YamlNode& join : added->items) {
    const auto is_same = [&](const YamlNode& other) {
      return member_text(other, "to") == member_text(join, "to") &&
             single_spaced(member_text(other, "on")) == single_spaced(member_text(join, "on"));
    };
    if (std::ranges::none_of(joins.items, is_same)) joins.items.push_back(join);
  }
}

void append_columns(YamlNode& definition, const YamlNode& overlay, Findings& findings) {
  const YamlNode* added = overlay.find_value("columns");
  if (added == nullptr) return;
  YamlNode& columns = list_of(definition, "columns", added->mark);
  for (const YamlNode& column : added->items) {
    const YamlNode* type = column.find_value("type");
    if (type != nullptr && column.find_value("expr") == nullptr) {
      findings.error(
          type->mark, "overlay-column-without-expr",
          "Overlay column with 'type' must also have 'expr' (only computed columns may specify a type)",
          {"", "Add the column's expr, or declare the column where the table is declared"});
    }
    columns.items.push_back(column);
  }
}

}  // namespace

void apply_overlay(Source& base, const YamlNode& overlay, Findings& findings) {
  YamlNode& definition = base.definition;
  merge_descriptions(definition, overlay);
  exclude_columns(definition, overlay, base.name, findings);
  append_columns(definition, overlay, findings);
  disable_joins(definition, overlay, base.name, findings);
  append_joins(definition, overlay);
  if (const YamlNode* grain = overlay.find_value("grain"); grain != nullptr && !grain->items.empty()) {
    definition.set("grain", *grain);
  }
  for (const char* key : {"measures", "segments", "default_time_dimension", "timezone"}) {
    if (const YamlNode* value = overlay.find_value(key)) definition.set(key, *value);
  }
}

}  // namespace ktx::project
