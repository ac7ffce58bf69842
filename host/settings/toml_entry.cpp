#include <algorithm>

#include "json_text.hpp"
#include "language.hpp"
#include "toml_text.hpp"

namespace ktx::settings {
namespace {

using Names = EntryLanguage::Names;
using Statements = std::vector<TomlStatement>;
using Kind = TomlStatement::Kind;

std::string toml_value(const Json& value) {
  if (value.is_string()) return toml_string(value.get<std::string>());
  if (!value.is_array() && !value.is_object()) return compact_json(value);
  std::string text;
  for (const auto& [key, item] : value.items()) {
    text += text.empty() ? "" : ", ";
    text += value.is_object() ? toml_key(key) + " = " + toml_value(item) : toml_value(item);
  }
  if (value.is_array()) return "[" + text + "]";
  return text.empty() ? "{}" : "{ " + text + " }";
}

std::string line_of_field(const std::string& key, const Json& value) {
  return toml_key(key) + " = " + toml_value(value);
}

std::string header_of(const Names& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ".") + toml_key(name);
  return "[" + text + "]";
}

bool is_path_above(const Names& above, const Names& names) {
  return above.size() < names.size() && std::equal(above.begin(), above.end(), names.begin());
}

// What is taken out of a text.
struct Extent {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// One text and the path of an entry in it.
class TomlEdit {
 public:
  TomlEdit(std::string_view text, const std::string& file, const Names& names)
      : text_(text),
        file_(file),
        names_(names),
        statements_(toml_statements(text, file)),
        line_break_(line_break_in(text)) {}

  const Statements& statements() const { return statements_; }
  std::optional<Json> value() const;
  void require_tables() const;
  std::string added(const Json& entry) const;
  std::optional<std::string> with_field(const std::string& key, const Json& value) const;
  std::string removed() const;

 private:
  bool is_own(const TomlStatement& statement) const { return statement.is_below(names_); }
  bool is_own_header(const TomlStatement& statement) const {
    return statement.kind == Kind::table && statement.names == names_;
  }
  const TomlStatement* find(const Names& names) const;
  std::size_t first_of_entry() const;
  Extent without_blank_line(Extent extent) const;

  std::string_view text_;
  const std::string& file_;
  const Names& names_;
  Statements statements_;
  std::string line_break_;
};

const TomlStatement* TomlEdit::find(const Names& names) const {
  const auto found = std::ranges::find_if(statements_, [&](const TomlStatement& each) {
    return each.kind == Kind::value && each.names == names;
  });
  return found == statements_.end() ? nullptr : &*found;
}

std::size_t TomlEdit::first_of_entry() const {
  return std::ranges::find_if(statements_, [&](const TomlStatement& each) { return is_own(each); })->begin;
}

std::optional<Json> TomlEdit::value() const {
  std::optional<Json> entry;
  for (const TomlStatement& statement : statements_) {
    if (!is_own(statement)) continue;
    if (!entry) entry = Json::object();
    Json* at = &*entry;
    for (std::size_t i = names_.size(); i < statement.names.size() && (at->is_object() || at->is_null());
         ++i) {
      at = &(*at)[statement.names[i]];
    }
    if (statement.kind == Kind::value) *at = statement.value;
    if (at->is_null()) *at = Json::object();
  }
  return entry;
}

// An entry in a table of one line, or in a list of tables, is the user's to edit.
void TomlEdit::require_tables() const {
  for (const TomlStatement& statement : statements_) {
    const bool is_list = statement.kind == Kind::array_of_tables &&
                         (statement.names == names_ || is_path_above(statement.names, names_));
    const bool is_value = statement.kind == Kind::value && is_path_above(statement.names, names_);
    if (is_list || is_value) {
      throw fault_at(text_, statement.begin, file_,
                     "a table " + header_of({statement.names}) + " was expected here");
    }
  }
}

// A table of its own, behind everything else.
std::string TomlEdit::added(const Json& entry) const {
  std::string table = header_of(names_);
  for (const auto& [key, value] : entry.items()) table += line_break_ + line_of_field(key, value);
  if (text_.size() == mark_length(text_)) return std::string(text_) + table + line_break_;
  const bool ends_line = text_.ends_with('\n');
  return std::string(text_) + line_break_ + (ends_line ? table + line_break_ : line_break_ + table);
}

// The text with another value of a field of the entry; std::nullopt if it has that value.
std::optional<std::string> TomlEdit::with_field(const std::string& key, const Json& value) const {
  const auto entry = TomlEdit::value();
  if (entry->contains(key) && entry->at(key) == value) return std::nullopt;
  Names names = names_;
  if (const TomlStatement* whole = find(names)) {
    Json changed = whole->value;
    changed[key] = value;
    return spliced(text_, {{whole->value_begin, whole->end, toml_value(changed)}});
  }
  names.push_back(key);
  if (const TomlStatement* field = find(names))
    return spliced(text_, {{field->value_begin, field->end, toml_value(value)}});
  const auto header =
      std::ranges::find_if(statements_, [&](const TomlStatement& each) { return is_own_header(each); });
  if (header == statements_.end() || entry->contains(key)) {
    throw fault_at(text_, first_of_entry(), file_, "a table " + header_of(names_) + " was expected here");
  }
  const std::size_t at = header->line_end;
  const bool ends_line = text_.substr(0, at).ends_with('\n');
  const std::string line = line_of_field(key, value);
  return spliced(text_, {{at, at, ends_line ? line + line_break_ : line_break_ + line}});
}

// With the blank line that parts it from what stands before.
Extent TomlEdit::without_blank_line(Extent extent) const {
  const std::string_view before = text_.substr(0, extent.begin);
  const bool is_parted =
      before.ends_with("\n" + line_break_) || before.substr(mark_length(text_)) == line_break_;
  if (is_parted) extent.begin -= line_break_.size();
  // The text had no line break at its end before, and has none now.
  const bool is_at_end = extent.end == text_.size() && !text_.ends_with('\n');
  if (is_at_end && text_.substr(0, extent.begin).ends_with(line_break_)) extent.begin -= line_break_.size();
  return extent;
}

std::string TomlEdit::removed() const {
  std::vector<Splice> splices;
  for (std::size_t i = 0; i < statements_.size(); ++i) {
    const TomlStatement& statement = statements_[i];
    if (!is_own(statement)) continue;
    Extent extent{statement.begin, statement.line_end};
    if (statement.kind == Kind::value) {
      splices.push_back({extent.begin, extent.end, ""});
      continue;
    }
    while (i + 1 < statements_.size() && statements_[i + 1].kind == Kind::value)
      extent.end = statements_[++i].line_end;
    extent = without_blank_line(extent);
    splices.push_back({extent.begin, extent.end, ""});
  }
  return spliced(text_, splices);
}

// What the statements that are not the entry's say, in order.
std::vector<std::pair<Names, Json>> others(const Statements& statements, const Names& names) {
  std::vector<std::pair<Names, Json>> left;
  for (const TomlStatement& each : statements) {
    if (!each.is_below(names)) left.emplace_back(each.names, each.value);
  }
  return left;
}

void require_others(const TomlEdit& before, const TomlEdit& after, const std::string& file,
                    const Names& names) {
  if (others(before.statements(), names) == others(after.statements(), names)) return;
  throw Error(ErrorKind::io,
              file + ":1:1: this file is written in a way in which it cannot be changed safely");
}

class TomlLanguage : public EntryLanguage {
 public:
  std::optional<Json> find(std::string_view text, const std::string& file,
                           const Names& names) const override {
    const TomlEdit edit(text, file, names);
    return edit.value();
  }

  std::string without_secrets(std::string_view text, const std::string& file,
                              const Names& names) const override {
    std::vector<Splice> splices;
    for (const TomlStatement& each : toml_statements(text, file)) {
      const std::size_t depth = names.size() + 1;
      const bool is_open = each.is_below(names) && each.names.size() == depth && each.names.back() != "env";
      if (each.kind != Kind::value || is_open || each.value.is_boolean()) continue;
      std::string lines = hidden_value;
      for (const char c : text.substr(each.value_begin, each.end - each.value_begin)) {
        if (c == '\n') lines += c;
      }
      splices.push_back({each.value_begin, each.end, lines});
    }
    return spliced(text, splices);
  }

  std::string with(std::string_view text, const std::string& file, const Names& names,
                   const EntryFields& fields) const override {
    const TomlEdit before(text, file, names);
    before.require_tables();
    auto entry = before.value();
    if (entry && entry->contains("url")) {  // of another kind: begun anew
      const std::string without = before.removed();
      return TomlEdit(without, file, names).added(all_fields(fields));
    }
    std::string result = entry ? std::string(text) : before.added(all_fields(fields));
    for (const auto& [key, value] : fields.always.items()) {
      const std::string earlier = result;
      result = TomlEdit(earlier, file, names).with_field(key, value).value_or(earlier);
    }
    require_others(before, TomlEdit(result, file, names), file, names);
    return result;
  }

  std::string without(std::string_view text, const std::string& file, const Names& names) const override {
    const TomlEdit before(text, file, names);
    before.require_tables();
    std::string result = before.removed();
    const TomlEdit after(result, file, names);
    require_others(before, after, file, names);
    return result;
  }
};

}  // namespace

const EntryLanguage& toml_language() {
  static const TomlLanguage language;
  return language;
}

}  // namespace ktx::settings
