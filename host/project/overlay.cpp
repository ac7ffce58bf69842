#include "overlay.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "ktx/project/findings.hpp"
#include "ktx/util/text.hpp"

namespace ktx::project {
namespace {

std::string member_text(const yaml::Node& node, std::string_view key) {
  return node.find_text(key).value_or("");
}

yaml::Node& list_of(yaml::Node& definition, std::string_view key, const yaml::Mark& mark) {
  if (definition.find(key) == nullptr) definition.set(key, yaml::Node::sequence(mark));
  return *definition.find(key);
}

void merge_descriptions(yaml::Node& definition, const yaml::Node& overlay) {
  const yaml::Node* text = overlay.find_value("description");
  const yaml::Node* texts = overlay.find_value("descriptions");
  if (text == nullptr && texts == nullptr) return;
  if (definition.find("descriptions") == nullptr) {
    definition.set("descriptions", yaml::Node::mapping((text == nullptr ? texts : text)->mark));
  }
  yaml::Node& merged = *definition.find("descriptions");
  // `description` is the user's own text: it becomes the entry "user", unless there is one.
  if (const yaml::Node* own = definition.find_value("description")) {
    const yaml::Node copy = *own;
    if (merged.find("user") == nullptr) merged.set("user", copy);
  }
  if (texts != nullptr) {
    for (const yaml::Member& member : texts->members) merged.set(member.key, member.value);
  }
  if (text != nullptr) merged.set("user", *text);
  // All texts are in `descriptions` now; a stale `description` would hide them.
  definition.erase("description");
}

void exclude_columns(yaml::Node& definition, const yaml::Node& overlay, const std::string& name,
                     Findings& findings) {
  const yaml::Node* excluded = overlay.find_value("exclude_columns");
  yaml::Node* columns = definition.find("columns");
  if (excluded == nullptr || columns == nullptr) return;
  for (const yaml::Node& column : excluded->items) {
    const auto is_it = [&](const yaml::Node& item) { return item.find_text("name") == column.text; };
    if (std::erase_if(columns->items, is_it) > 0) continue;
    std::vector<std::string_view> names;
    for (const yaml::Node& item : columns->items) {
      if (const yaml::Node* item_name = item.find("name")) names.push_back(item_name->text);
    }
    findings.warning(column.mark, "unknown-excluded-column",
                     "exclude_columns names \"" + column.text + "\", which " + name + " does not have",
                     {closest(column.text, names), "Remove it from exclude_columns"});
  }
}

void disable_joins(yaml::Node& definition, const yaml::Node& overlay, const std::string& name,
                   Findings& findings) {
  const yaml::Node* disabled = overlay.find_value("disable_joins");
  if (disabled == nullptr) return;
  yaml::Node& joins = list_of(definition, "joins", overlay.mark);
  for (const yaml::Node& condition : disabled->items) {
    const std::string wanted = single_spaced(condition.text);
    const auto is_it = [&](const yaml::Node& join) {
      return single_spaced(member_text(join, "on")) == wanted;
    };
    if (std::erase_if(joins.items, is_it) > 0) continue;
    findings.warning(condition.mark, "unknown-disabled-join",
                     "disable_joins names \"" + condition.text + "\", which is no join of " + name,
                     {"", "Copy the join's `on` as it is written in the base, or remove the line"});
  }
}

void append_joins(yaml::Node& definition, const yaml::Node& overlay) {
  const yaml::Node* added = overlay.find_value("joins");
  if (added == nullptr) return;
  yaml::Node& joins = list_of(definition, "joins", added->mark);
  for (const yaml::Node& join : added->items) {
    const auto is_same = [&](const yaml::Node& other) {
      return member_text(other, "to") == member_text(join, "to") &&
             single_spaced(member_text(other, "on")) == single_spaced(member_text(join, "on"));
    };
    const auto known = std::ranges::find_if(joins.items, is_same);
    if (known == joins.items.end()) {
      joins.items.push_back(join);
    } else if (join.find_value("valid") != nullptr && known->find_value("valid") == nullptr) {
      // The base's join, of which the overlay says when its rows hold.
      *known = join;
    }  // Otherwise it is a join that the base has already, which is no error.
  }
}

void append_columns(yaml::Node& definition, const yaml::Node& overlay, Findings& findings) {
  const yaml::Node* added = overlay.find_value("columns");
  if (added == nullptr) return;
  yaml::Node& columns = list_of(definition, "columns", added->mark);
  for (const yaml::Node& column : added->items) {
    const yaml::Node* type = column.find_value("type");
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

void apply_overlay(Source& base, const yaml::Node& overlay, Findings& findings) {
  yaml::Node& definition = base.definition;
  merge_descriptions(definition, overlay);
  exclude_columns(definition, overlay, base.name, findings);
  append_columns(definition, overlay, findings);
  disable_joins(definition, overlay, base.name, findings);
  append_joins(definition, overlay);
  if (const yaml::Node* grain = overlay.find_value("grain"); grain != nullptr && !grain->items.empty()) {
    definition.set("grain", *grain);
  }
  // These replace the base's value as a whole.
  for (const char* key : {"measures", "segments", "default_time_dimension", "timezone"}) {
    if (const yaml::Node* value = overlay.find_value(key)) definition.set(key, *value);
  }
}

namespace {

// Lower case, without the quotes that a dialect may put around names.
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
    // An exact name is never ambiguous, even if tables match too.
    if (source.name == wanted) return {&source};
    const std::string table = plain_name(source.definition.find_text("table").value_or(""));
    const std::string name = plain_name(wanted);
    if (!table.empty() && (is_suffix(table, name) || is_suffix(name, table))) found.push_back(&source);
  }
  return found;
}

void fill(yaml::Node& column, const yaml::Node& base) {
  // One description of any kind is enough: inherited texts must not be mixed with the user's.
  const bool described =
      column.find_value("description") != nullptr || column.find_value("descriptions") != nullptr;
  for (const char* key : {"type", "role"}) {
    const yaml::Node* value = base.find_value(key);
    if (value != nullptr && column.find_value(key) == nullptr) column.set(key, *value);
  }
  const yaml::Node* descriptions = base.find_value("descriptions");
  if (descriptions != nullptr && !described) column.set("descriptions", *descriptions);
}

void report(const yaml::Node& wanted, std::size_t count, std::span<const Source> manifest,
            Findings& findings) {
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
  const yaml::Node* wanted = source.definition.find_value("inherits_columns_from");
  yaml::Node* columns = source.definition.find("columns");
  if (wanted == nullptr || columns == nullptr) return;
  const auto bases = find_bases(wanted->text, manifest);
  if (bases.size() != 1) {
    report(*wanted, bases.size(), manifest, findings);
    return;
  }
  const yaml::Node* base_columns = bases.front()->definition.find("columns");
  if (base_columns == nullptr) return;
  for (yaml::Node& column : columns->items) {
    const auto name = column.find_text("name");
    const auto is_it = [&](const yaml::Node& base) { return name && base.find_text("name") == name; };
    const auto base = std::ranges::find_if(base_columns->items, is_it);
    if (base != base_columns->items.end()) fill(column, *base);
  }
}

}  // namespace ktx::project
