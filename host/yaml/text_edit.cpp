#include "ktx/yaml/text_edit.hpp"

#include <algorithm>
#include <ranges>

#include "ktx/util/text.hpp"
#include "ktx/yaml/document.hpp"
#include "ktx/yaml/emitter.hpp"

namespace ktx::yaml {
namespace {

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

// Follows libyaml's events. Their marks count characters; edits need bytes.
class TextLocator {
 public:
  explicit TextLocator(std::string_view text) : events_(text, 0) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (!is_continuation(text[i])) offsets_.push_back(i);
    }
    offsets_.push_back(text.size());
  }

  TextNode document() {
    events_.next();  // the stream's start
    if (events_.next().type == YAML_STREAM_END_EVENT) {
      TextNode root;
      root.begin = root.end = offsets_.back();
      return root;
    }
    events_.next();
    return value();
  }

 private:
  std::size_t offset(const yaml_mark_t& mark) const {
    return offsets_[std::min<std::size_t>(mark.index, offsets_.size() - 1)];
  }

  TextNode value() {
    const yaml_event_t& event = events_.current();
    TextNode node;
    node.mark = events_.mark();
    node.begin = offset(event.start_mark);
    node.end = offset(event.end_mark);
    switch (event.type) {
      case YAML_ALIAS_EVENT: node.kind = TextNode::Kind::alias; break;
      case YAML_SEQUENCE_START_EVENT: sequence(node); break;
      case YAML_MAPPING_START_EVENT: mapping(node); break;
      default: {
        const auto style = event.data.scalar.style;
        node.literal = style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE;
      }
    }
    return node;
  }

  void sequence(TextNode& node) {
    node.kind = TextNode::Kind::sequence;
    node.flow = events_.current().data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
    // As in `mapping`, a block ends where its last value does.
    while (events_.next().type != YAML_SEQUENCE_END_EVENT) node.end = value().end;
    if (node.flow) node.end = offset(events_.current().end_mark);
  }

  void mapping(TextNode& node) {
    node.kind = TextNode::Kind::mapping;
    node.flow = events_.current().data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
    while (events_.next().type != YAML_MAPPING_END_EVENT) {
      TextMember member;
      const yaml_event_t& key = events_.current();
      if (key.type == YAML_SCALAR_EVENT) {
        member.key.assign(reinterpret_cast<const char*>(key.data.scalar.value), key.data.scalar.length);
      }
      member.begin = offset(key.start_mark);
      member.key_end = offset(key.end_mark);
      events_.next();
      member.value = value();
      node.end = member.value.end;
      node.members.push_back(std::move(member));
    }
    // A block's end event comes where the next token begins, behind blank lines and comments.
    if (node.flow) node.end = offset(events_.current().end_mark);
  }

  Events events_;
  std::vector<std::size_t> offsets_;  // of each character, and the text's size
};

constexpr std::string_view blanks = " \t";

// Whether the value needs lines of its own below its key.
bool needs_lines(const std::string& entry) { return entry.find('\n') != std::string::npos; }

// The text after the colon of an entry whose key is "k".
std::string value_of(const std::string& entry) { return entry.substr(entry.find_first_not_of(' ', 2)); }

}  // namespace

const TextMember* TextNode::find(std::string_view key) const {
  const auto found = std::ranges::find(members, key, &TextMember::key);
  return found == members.end() ? nullptr : &*found;
}

TextNode locate(std::string_view text) { return TextLocator(text).document(); }

TextEdit::TextEdit(std::string_view text) : text_(text) {
  const auto end = text.find('\n');
  if (end != std::string_view::npos && end > 0 && text[end - 1] == '\r') line_break_ = "\r\n";
}

std::size_t TextEdit::line_begin(std::size_t at) const {
  return at == 0 ? 0 : text_.rfind('\n', at - 1) + 1;  // npos + 1 is 0
}

std::size_t TextEdit::line_end(std::size_t at) const {
  if (at == 0 || text_[at - 1] == '\n') return at;
  const auto found = text_.find('\n', at);
  return found == std::string_view::npos ? text_.size() : found + 1;
}

std::size_t TextEdit::column(std::size_t at) const {
  const std::size_t begin = line_begin(at);
  return count_code_points(text_.substr(begin, at - begin));
}

std::size_t TextEdit::value_begin(const TextMember& member) const {
  const auto colon = text_.find(':', member.key_end);
  return colon == std::string_view::npos ? text_.size() : colon + 1;
}

// The offset after the comment lines that follow `at`, the beginning of a line, and are indented by
// `least_column` or more; blank lines before such a comment count with it.
std::size_t TextEdit::skip_comments(std::size_t at, std::size_t least_column) const {
  std::size_t end = at;
  while (at < text_.size()) {
    const auto found = text_.find('\n', at);
    const std::size_t next = found == std::string_view::npos ? text_.size() : found + 1;
    const std::string_view line = text_.substr(at, next - at);
    const auto first = line.find_first_not_of(" \t\r\n");
    if (first != std::string_view::npos) {
      if (line[first] != '#' || first < least_column) break;
      end = next;
    }
    at = next;
  }
  return end;
}

// Where the blanks before `at` begin.
std::size_t TextEdit::blanks_before(std::size_t at) const {
  const auto last = at == 0 ? std::string_view::npos : text_.find_last_not_of(blanks, at - 1);
  return last == std::string_view::npos ? 0 : last + 1;
}

// By how much the document indents a block in a block: as in its first one, else 2.
int TextEdit::step_at(const TextNode& node) const {
  for (const TextMember& member : node.members) {
    const TextNode& value = member.value;
    if (value.kind != TextNode::Kind::mapping || value.flow || value.members.empty()) continue;
    const std::size_t outer = column(member.begin);
    const std::size_t inner = column(value.members.front().begin);
    if (inner > outer) return static_cast<int>(std::clamp<std::size_t>(inner - outer, 2, 9));
  }
  return 2;
}

// The entry as whole lines, each with its line break.
std::string TextEdit::lines(const std::string& key, const Json& value, std::size_t indent, int step) const {
  const std::string entry = write_entry(key, value, Style::block, step);
  std::string result;
  std::size_t begin = 0;
  while (begin <= entry.size()) {
    const std::size_t end = std::min(entry.find('\n', begin), entry.size());
    result.append(indent, ' ').append(entry, begin, end - begin).append(line_break_);
    begin = end + 1;
  }
  return result;
}

std::string TextEdit::spliced(std::size_t begin, std::size_t end, std::string_view with) const {
  std::string result(text_.substr(0, begin));
  result.append(with).append(text_.substr(end));
  return result;
}

// Inserts whole lines at `at`, which is the beginning of a line or the end of the text.
std::string TextEdit::insert_lines(std::size_t at, std::string lines) const {
  if (at == text_.size() && at > 0 && text_.back() != '\n') {
    lines.resize(lines.size() - line_break_.size());  // a text without a final newline stays without
    lines.insert(0, line_break_);
  }
  return spliced(at, at, lines);
}

std::string TextEdit::begin_document(const std::string& key, const Json& value) const {
  return insert_lines(text_.size(), lines(key, value, 0, 2));
}

std::string TextEdit::insert(const TextNode& mapping, const std::string& key, const Json& value) const {
  if (mapping.flow) {
    const std::string entry = write_entry(key, value, Style::flow);
    if (mapping.members.empty()) return spliced(mapping.end - 1, mapping.end - 1, entry);
    const std::size_t end = mapping.members.back().value.end;
    return spliced(end, end, ", " + entry);
  }
  const std::size_t indent = column(mapping.members.front().begin);
  const std::size_t end = skip_comments(line_end(mapping.end), indent);
  return insert_lines(end, lines(key, value, indent, step_at(mapping)));
}

std::string TextEdit::replace(const TextNode& mapping, const TextMember& member, const Json& value) const {
  if (mapping.flow) {
    const std::string text = value_of(write_entry("k", value, Style::flow));
    // `{key}` without a colon is a key whose value is null.
    const bool has_colon = value_begin(member) <= member.value.begin;
    if (!has_colon) return spliced(member.key_end, member.key_end, ": " + text);
    const std::size_t begin = member.value.begin;
    const bool blank = blanks_before(begin) < begin || !member.value.is_empty();
    return spliced(begin, member.value.end, (blank ? "" : " ") + text);
  }
  const int step = step_at(mapping);
  const std::string entry = write_entry("k", value, Style::block, step);
  if (!needs_lines(entry)) return replace_in_line(member, value_of(entry));
  const std::string all = lines("k", value, column(member.begin), step);
  return replace_by_lines(member, all.substr(all.find('\n') + 1));
}

std::string TextEdit::replace_in_line(const TextMember& member, const std::string& value) const {
  const TextNode& old = member.value;
  const std::size_t behind_colon = value_begin(member);
  if (old.is_empty()) return spliced(behind_colon, behind_colon, " " + value);
  const bool in_lines = old.is_block_collection() || old.literal;
  if (line_begin(old.begin) == line_begin(behind_colon)) {
    const std::size_t end = in_lines ? line_end(old.end) : old.end;
    return spliced(old.begin, end, in_lines ? value + std::string(line_break_) : value);
  }
  std::string result(text_.substr(0, behind_colon));
  result.append(" ").append(value);
  const std::size_t begin = line_begin(old.begin);
  result.append(text_.substr(behind_colon, begin - behind_colon)).append(text_.substr(line_end(old.end)));
  return result;
}

std::string TextEdit::replace_by_lines(const TextMember& member, std::string lines) const {
  const TextNode& old = member.value;
  const std::size_t behind_colon = value_begin(member);
  if (old.is_empty()) return insert_lines(line_end(behind_colon), std::move(lines));
  const bool in_lines = old.is_block_collection() || old.literal;
  if (line_begin(old.begin) != line_begin(behind_colon)) {
    return spliced(line_begin(old.begin), line_end(old.end), lines);
  }
  const std::size_t begin = blanks_before(old.begin);
  if (in_lines) return spliced(begin, line_end(old.end), std::string(line_break_) + lines);
  // What follows the old value in its line, such as a comment, stays in the key's line.
  const std::string without = spliced(begin, old.end, "");
  const TextEdit rest(without);
  return rest.insert_lines(rest.line_end(begin), std::move(lines));
}

std::string TextEdit::remove_from_flow(const TextNode& mapping, const TextMember& member) const {
  const auto& members = mapping.members;
  const auto index = static_cast<std::size_t>(&member - members.data());
  if (index + 1 < members.size()) return spliced(member.begin, members[index + 1].begin, "");
  if (index > 0) return spliced(members[index - 1].value.end, member.value.end, "");
  // The only member: a trailing comma would be left alone in the brackets.
  const auto comma = text_.find_first_not_of(" \t\r\n", member.value.end);
  const bool trails = comma != std::string_view::npos && text_[comma] == ',';
  return spliced(member.begin, trails ? comma + 1 : member.value.end, "");
}

std::string TextEdit::remove(const TextNode& mapping, const TextMember& member,
                             const TextMember* holder) const {
  if (mapping.flow) return remove_from_flow(mapping, member);
  const std::size_t begin = line_begin(member.begin);
  const std::size_t end = skip_comments(line_end(member.value.end), column(member.begin) + 1);
  std::string result = spliced(begin, end, "");
  // A text without a final newline stays without.
  const bool ends_bare = end == text_.size() && text_.back() != '\n' && begin > 0;
  if (ends_bare) result.resize(result.size() - (result.ends_with("\r\n") ? 2 : 1));
  // A key without a value would be null, which is no mapping.
  if (mapping.members.size() == 1 && holder != nullptr) result.insert(value_begin(*holder), " {}");
  return result;
}

bool TextEdit::is_bare(const TextNode& node) const {
  const std::string_view written = text_.substr(node.begin, node.end - node.begin);
  return node.kind == TextNode::Kind::mapping && node.flow &&
         written.find_first_not_of("{} \t") == std::string_view::npos;
}

}  // namespace ktx::yaml
