#include <algorithm>
#include <span>

#include "json_text.hpp"
#include "language.hpp"

namespace ktx::settings {
namespace {

using Names = EntryLanguage::Names;
using NamesLeft = std::span<const std::string>;

constexpr std::string_view line_blanks = " \t";

bool has_line_break(std::string_view text) { return text.find_first_of("\r\n") != std::string_view::npos; }
bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

// How new text is laid out.
struct JsonLayout {
  std::string line_break;
  std::string unit;    ///< one step of indentation
  bool lines = false;  ///< a member on a line of its own; else all on one
};

std::string value_text(const Json& value) {
  if (!value.is_array() && !value.is_object()) return compact_json(value);
  std::string text;
  for (const auto& [key, item] : value.items()) {
    text += text.empty() ? "" : ", ";
    text += value.is_object() ? compact_json(key) + ": " + value_text(item) : value_text(item);
  }
  return value.is_array() ? "[" + text + "]" : "{" + text + "}";
}

std::string entry_text(const Json& entry, const JsonLayout& layout, const std::string& indent) {
  if (!layout.lines) return value_text(entry);
  std::string text;
  for (const auto& [key, value] : entry.items()) {
    text += text.empty() ? "{" : ",";
    text += layout.line_break + indent + layout.unit + compact_json(key) + ": " + value_text(value);
  }
  return text + layout.line_break + indent + "}";
}

// `"names[0]": { "names[1]": … entry }`. What holds the entry begins with a line break or a space: by that it
// is known when the entry is removed (`is_made_here`).
std::string member_text(NamesLeft names, const Json& entry, const JsonLayout& layout,
                        const std::string& indent) {
  const std::string key = compact_json(names.front()) + ": ";
  if (names.size() == 1) return key + entry_text(entry, layout, indent);
  const std::string inner = indent + layout.unit;
  const std::string member = member_text(names.subspan(1), entry, layout, inner);
  if (!layout.lines) return key + "{ " + member + " }";
  return key + "{" + layout.line_break + inner + member + layout.line_break + indent + "}";
}

// The objects on the way to the entry, and their members that lead on; as many as there are.
struct JsonWay {
  std::vector<JsonPlace> objects;
  std::vector<JsonMember> members;
};

// One text and the path of an entry in it.
class JsonEdit {
 public:
  JsonEdit(std::string_view text, const std::string& file, const Names& names)
      : text_(text), file_(file), names_(names), json_(text, file) {
    if (!json_.is_empty()) walk();
  }

  bool is_there() const { return way_.members.size() == names_.size(); }
  const JsonMember& entry() const { return way_.members.back(); }

  Json value() const {
    const Json* value = &json_.value();
    for (const std::string& name : names_) value = &value->at(name);
    return *value;
  }

  const Json& document() const { return json_.value(); }
  std::string added(const Json& entry) const;
  std::string replaced(const Json& entry) const;
  std::optional<std::string> with_field(const std::string& key, const Json& value) const;
  std::string removed() const;
  std::string without_secrets() const;

 private:
  bool is_open(std::size_t at) const;
  void walk();
  JsonLayout layout(bool lines) const;
  std::size_t line_begin(std::size_t at) const;
  std::string indent_at(std::size_t at) const;
  bool begins_line(std::size_t at) const { return line_begin(at) + indent_at(at).size() == at; }
  std::size_t gap_begin(const JsonPlace& object, std::size_t index) const;
  bool is_in_lines(const JsonPlace& object) const;
  std::string member_indent(const JsonPlace& object) const;
  std::size_t end_of_line(std::size_t at) const;
  std::string with_member(const JsonPlace& object, NamesLeft names, const Json& entry) const;
  std::string appended(const JsonPlace& object, const std::string& member) const;
  std::string with_first_member(const JsonPlace& object, NamesLeft names, const Json& entry) const;
  std::string with_object(const Json& entry) const;
  bool is_made_here(const JsonPlace& object) const;
  std::size_t removal_begin(const JsonMember& member, std::size_t end) const;
  std::string without_member(const JsonPlace& object, const JsonMember& member) const;
  std::string without_object() const;

  std::string_view text_;
  const std::string& file_;
  const Names& names_;
  JsonText json_;
  JsonWay way_;
};

void JsonEdit::walk() {
  JsonPlace object = json_.root();
  for (const std::string& name : names_) {
    way_.objects.push_back(object);
    const JsonMember* member = object.find(name);
    if (member == nullptr) return;
    if (std::ranges::count(object.members, name, &JsonMember::key) > 1) {
      throw fault_at(text_, member->key_begin, file_, "the key \"" + name + "\" is in this object twice");
    }
    way_.members.push_back(*member);
    if (is_there()) return;
    if (!json_.is_object_at(member->begin)) {
      throw fault_at(text_, member->begin, file_, "\"" + name + "\" should be an object in { }");
    }
    object = json_.object_at(member->begin);
  }
}

JsonLayout JsonEdit::layout(bool lines) const {
  JsonLayout layout{line_break_in(text_), "  ", lines};
  if (json_.is_empty()) return layout;
  const JsonPlace root = json_.root();
  if (root.members.empty() || !begins_line(root.members.front().key_begin)) return layout;
  const std::string indent = indent_at(root.members.front().key_begin);
  const std::string outer = indent_at(root.begin);
  if (indent.size() > outer.size() && indent.starts_with(outer)) layout.unit = indent.substr(outer.size());
  return layout;
}

std::size_t JsonEdit::line_begin(std::size_t at) const {
  const auto before = at == 0 ? std::string_view::npos : text_.find_last_of("\r\n", at - 1);
  return before == std::string_view::npos ? mark_length(text_) : before + 1;
}

std::string JsonEdit::indent_at(std::size_t at) const {
  const std::size_t begin = line_begin(at);
  const auto end = std::min(text_.find_first_not_of(line_blanks, begin), text_.size());
  return std::string(text_.substr(begin, end - begin));
}

// Behind the comma or the bracket before the member.
std::size_t JsonEdit::gap_begin(const JsonPlace& object, std::size_t index) const {
  return index == 0 ? object.begin + 1 : *object.members[index - 1].comma + 1;
}

bool JsonEdit::is_in_lines(const JsonPlace& object) const {
  const std::size_t last = object.members.size() - 1;
  const std::size_t begin = gap_begin(object, last);
  return has_line_break(json_.plain().substr(begin, object.members[last].key_begin - begin));
}

std::string JsonEdit::member_indent(const JsonPlace& object) const {
  if (!object.members.empty() && begins_line(object.members.back().key_begin)) {
    return indent_at(object.members.back().key_begin);
  }
  return indent_at(object.begin) + layout(true).unit;
}

// The line break behind `at`, when only blanks and comments of that line stand between; else `at`.
std::size_t JsonEdit::end_of_line(std::size_t at) const {
  const auto end = json_.plain().find_first_not_of(line_blanks, at);
  const bool is_break = end != std::string_view::npos && has_line_break(json_.plain().substr(end, 1));
  // A comment that goes on in the next line is not to be torn apart.
  return is_break && !json_.is_in_comment(end) ? end : at;
}

std::string JsonEdit::added(const Json& entry) const {
  if (json_.is_empty()) return with_object(entry);
  const NamesLeft left = NamesLeft(names_).subspan(way_.members.size());
  return with_member(way_.objects.back(), left, entry);
}

std::string JsonEdit::with_member(const JsonPlace& object, NamesLeft names, const Json& entry) const {
  if (object.members.empty()) return with_first_member(object, names, entry);
  return appended(object, member_text(names, entry, layout(is_in_lines(object)), member_indent(object)));
}

// Writes a member behind the last one of the object, and a comma behind it if the last one has that.
std::string JsonEdit::appended(const JsonPlace& object, const std::string& member) const {
  const JsonMember& last = object.members.back();
  const bool lines = is_in_lines(object);
  const std::size_t behind = last.comma ? *last.comma + 1 : last.end;
  const std::size_t at = lines ? end_of_line(behind) : behind;
  const std::string text = (lines ? line_break_in(text_) + member_indent(object) : " ") + member;
  if (last.comma) return spliced(text_, {{at, at, text + ","}});
  return spliced(text_, {{last.end, last.end, ","}, {at, at, text}});
}

// An object without members stays as it is around the new one, which is then known to be written into it: it
// is on one line, without a space or in a line of its own.
std::string JsonEdit::with_first_member(const JsonPlace& object, NamesLeft names, const Json& entry) const {
  const JsonLayout style = layout(false);
  const std::size_t at = object.begin + 1;
  const bool lines = has_line_break(json_.plain().substr(at, object.end - 1 - at));
  const std::string indent = lines ? style.line_break + member_indent(object) : "";
  return spliced(text_, {{at, at, indent + member_text(names, entry, style, "")}});
}

std::string JsonEdit::with_object(const Json& entry) const {
  const JsonLayout style = layout(true);
  const std::string member = member_text(names_, entry, style, style.unit);
  const std::string object = "{" + style.line_break + style.unit + member + style.line_break + "}";
  const bool ends_line = text_.size() == mark_length(text_) || text_.ends_with('\n');
  return std::string(text_) + (ends_line ? object + style.line_break : style.line_break + object);
}

std::string JsonEdit::replaced(const Json& entry) const {
  const bool lines =
      has_line_break(text_.substr(JsonEdit::entry().begin, JsonEdit::entry().end - JsonEdit::entry().begin));
  const std::string indent = indent_at(JsonEdit::entry().key_begin);
  return spliced(
      text_, {{JsonEdit::entry().begin, JsonEdit::entry().end, entry_text(entry, layout(lines), indent)}});
}

// The text with another value of a field of the entry; std::nullopt if it has that value.
std::optional<std::string> JsonEdit::with_field(const std::string& key, const Json& value) const {
  const JsonPlace object = json_.object_at(entry().begin);
  const JsonMember* field = object.find(key);
  if (field == nullptr && object.members.empty()) return replaced(Json{{key, value}});
  if (field == nullptr) return appended(object, compact_json(key) + ": " + value_text(value));
  if (JsonEdit::value().at(key) == value) return std::nullopt;
  return spliced(text_, {{field->begin, field->end, value_text(value)}});
}

// Whether the object was written together with its only member, by `member_text` in any layout.
bool JsonEdit::is_made_here(const JsonPlace& object) const {
  if (object.members.size() != 1) return false;
  const JsonMember& member = object.members.front();
  const std::string_view before = text_.substr(object.begin + 1, member.key_begin - object.begin - 1);
  const std::string_view behind = text_.substr(member.end, object.end - 1 - member.end);
  if (!is_blank(before) || !is_blank(behind)) return false;
  const std::string_view value = text_.substr(member.begin, member.end - member.begin);
  if (has_line_break(before)) return has_line_break(value) && has_line_break(behind);
  return before == " " && behind == " ";
}

std::string JsonEdit::removed() const {
  std::size_t level = names_.size() - 1;
  while (level > 0 && is_made_here(way_.objects[level])) --level;
  if (level == 0 && is_made_here(way_.objects[0])) return without_object();
  return without_member(way_.objects[level], way_.members[level]);
}

std::string JsonEdit::without_object() const {
  const JsonPlace& root = way_.objects.front();
  std::string_view before = text_.substr(0, root.begin);
  std::string_view behind = text_.substr(root.end);
  const std::string line_break = line_break_in(text_);
  if (behind == line_break) {
    behind = {};
  } else if (behind.empty() && before.ends_with(line_break)) {
    before.remove_suffix(line_break.size());
  }
  return std::string(before) + std::string(behind);
}

// From the line break before the member on, so that its lines are gone; from the space before it, if it does
// not begin a line.
std::size_t JsonEdit::removal_begin(const JsonMember& member, std::size_t end) const {
  const std::size_t begin = line_begin(member.key_begin);
  if (!begins_line(member.key_begin) || begin == mark_length(text_)) {
    return text_[member.key_begin - 1] == ' ' ? member.key_begin - 1 : member.key_begin;
  }
  std::size_t at = begin - 1;
  if (at > 0 && text_[at] == '\n' && text_[at - 1] == '\r') --at;
  // What follows in the line must not get into a comment of the line before.
  const auto next = text_.find_first_not_of(line_blanks, end);
  const bool ends_line = next == std::string_view::npos || has_line_break(text_.substr(next, 1));
  return json_.ends_line_comment(at) && !ends_line ? member.key_begin : at;
}

std::string JsonEdit::without_member(const JsonPlace& object, const JsonMember& member) const {
  const bool is_last = object.members.back().key_begin == member.key_begin;
  const bool is_only = object.members.size() == 1;
  const bool comma_is_next = member.comma && is_blank(text_.substr(member.end, *member.comma - member.end));
  const std::size_t end = comma_is_next ? *member.comma + 1 : member.end;
  std::size_t begin = removal_begin(member, end);
  if (is_only && is_blank(text_.substr(object.begin + 1, member.key_begin - object.begin - 1)))
    begin = object.begin + 1;
  std::vector<Splice> splices;
  if (is_last && !is_only && !member.comma) {
    const std::size_t comma = *object.members[object.members.size() - 2].comma;
    splices.push_back({comma, comma + 1, ""});
    begin = std::max(begin, comma + 1);
  }
  splices.push_back({begin, end, ""});
  if (member.comma && !comma_is_next) splices.push_back({*member.comma, *member.comma + 1, ""});
  return spliced(text_, splices);
}

// Whether a text at that place may be shown: it is the entry's, and no variable or header of it.
bool JsonEdit::is_open(std::size_t at) const {
  if (!is_there() || at < entry().key_begin || at >= entry().end) return false;
  if (!json_.is_object_at(entry().begin)) return true;
  const JsonPlace object = json_.object_at(entry().begin);
  return std::ranges::none_of(object.members, [&](const JsonMember& member) {
    const bool may_be_secret = member.key == "env" || member.key == "environment" || member.key == "headers";
    return may_be_secret && at >= member.begin && at < member.end;
  });
}

std::string JsonEdit::without_secrets() const {
  const std::string_view plain = json_.plain();
  std::vector<Splice> splices;
  for (auto at = plain.find('"'); at != std::string_view::npos;) {
    const std::size_t end = string_end(plain, at);
    const auto next = plain.find_first_not_of(" \t\r\n", end);
    const bool is_key = next != std::string_view::npos && plain[next] == ':';
    if (!is_key && !is_open(at)) splices.push_back({at, end, hidden_value});
    at = plain.find('"', end);
  }
  return spliced(text_, splices);
}

// An edit is not trusted: what is read from its result must be what was meant.
void require_same(const std::string& result, const std::string& file, const Json& meant) {
  if (JsonText(result, file).value() == meant) return;
  throw Error(ErrorKind::io,
              file + ":1:1: this file is written in a way in which it cannot be changed safely");
}

bool is_local(const Json& entry) {
  return entry.is_object() && !entry.contains("url") && !entry.contains("httpUrl") &&
         !entry.contains("serverUrl");
}

class JsonLanguage : public EntryLanguage {
 public:
  std::optional<Json> find(std::string_view text, const std::string& file,
                           const Names& names) const override {
    const JsonEdit edit(text, file, names);
    return edit.is_there() ? std::optional(edit.value()) : std::nullopt;
  }

  std::string without_secrets(std::string_view text, const std::string& file,
                              const Names& names) const override {
    return JsonEdit(text, file, names).without_secrets();
  }

  std::string with(std::string_view text, const std::string& file, const Names& names,
                   const EntryFields& fields) const override {
    const JsonEdit edit(text, file, names);
    if (!edit.is_there() || !is_local(edit.value())) {
      const Json entry = all_fields(fields);
      std::string result = edit.is_there() ? edit.replaced(entry) : edit.added(entry);
      require_same(result, file, meant(edit.document(), names, entry));
      return result;
    }
    std::string result(text);
    Json entry = edit.value();
    for (const auto& [key, value] : fields.always.items()) {
      entry[key] = value;
      const std::string before = result;
      result = JsonEdit(before, file, names).with_field(key, value).value_or(before);
    }
    require_same(result, file, meant(edit.document(), names, entry));
    return result;
  }

  std::string without(std::string_view text, const std::string& file, const Names& names) const override {
    const JsonEdit edit(text, file, names);
    if (!edit.is_there()) return std::string(text);
    std::string result = edit.removed();
    const JsonEdit left(result, file, names);
    if (left.is_there() || !is_same_aside(edit.document(), left.document(), names)) {
      throw Error(ErrorKind::io,
                  file + ":1:1: this file is written in a way in which it cannot be changed safely");
    }
    return result;
  }

 private:
  static Json meant(Json document, const Names& names, const Json& entry) {
    Json* at = &document;
    for (const std::string& name : names) at = &(*at)[name];
    *at = entry;
    return document;
  }

  // Whether nothing but the entry, and objects that held only that, tells the two apart.
  static bool is_same_aside(Json before, Json after, const Names& names) {
    return pruned(std::move(before), names) == pruned(std::move(after), names);
  }

  static Json pruned(Json document, NamesLeft names) {
    if (!document.contains(names.front())) return document;
    if (names.size() == 1) {
      document.erase(names.front());
      return document;
    }
    Json inner = pruned(document.at(names.front()), names.subspan(1));
    if (inner.empty()) {
      document.erase(names.front());
    } else {
      document[names.front()] = std::move(inner);
    }
    return document;
  }
};

}  // namespace

const EntryLanguage& json_language() {
  static const JsonLanguage language;
  return language;
}

}  // namespace ktx::settings
