#include "ktx/yaml/node.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>

namespace ktx::yaml {

std::string_view describe(Kind kind) {
  switch (kind) {
    case Kind::null: return "nothing";
    case Kind::boolean: return "true or false";
    case Kind::integer:
    case Kind::real: return "a number";
    case Kind::string: return "text";
    case Kind::sequence: return "a list";
    case Kind::mapping: return "a mapping";
  }
  return "nothing";
}

const Node* Node::find(std::string_view key) const {
  const auto found = std::ranges::find(members, key, &Member::key);
  return found == members.end() ? nullptr : &found->value;
}

Node* Node::find(std::string_view key) {
  const auto found = std::ranges::find(members, key, &Member::key);
  return found == members.end() ? nullptr : &found->value;
}

const Node* Node::find_value(std::string_view key) const {
  const Node* found = find(key);
  return found == nullptr || found->is(Kind::null) ? nullptr : found;
}

std::optional<std::string> Node::find_text(std::string_view key) const {
  const Node* found = find(key);
  if (found == nullptr || !found->is(Kind::string)) return std::nullopt;
  return found->text;
}

bool Node::boolean() const { return text == "true" || text == "True" || text == "TRUE"; }

std::int64_t Node::integer() const { return integer_value(text).value_or(0); }

double Node::real() const { return real_value(text); }

void Node::set(std::string_view key, Node value) {
  if (Node* found = find(key)) {
    *found = std::move(value);
  } else {
    const Mark at = value.mark;
    members.push_back({std::string(key), at, std::move(value)});
  }
}

void Node::erase(std::string_view key) {
  std::erase_if(members, [&](const Member& member) { return member.key == key; });
}

Node Node::string(std::string text, Mark mark) {
  Node node;
  node.kind = Kind::string;
  node.mark = mark;
  node.text = std::move(text);
  return node;
}

Node Node::sequence(Mark mark) {
  Node node;
  node.kind = Kind::sequence;
  node.mark = mark;
  return node;
}

Node Node::mapping(Mark mark) {
  Node node;
  node.kind = Kind::mapping;
  node.mark = mark;
  return node;
}

namespace {

constexpr std::array<std::string_view, 5> nulls = {"", "~", "null", "Null", "NULL"};
constexpr std::array<std::string_view, 6> booleans = {"true", "True", "TRUE", "false", "False", "FALSE"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_sign(char c) { return c == '+' || c == '-'; }

std::size_t take_digits(std::string_view& text) {
  const auto end = std::ranges::find_if_not(text, is_digit);
  const auto count = static_cast<std::size_t>(end - text.begin());
  text.remove_prefix(count);
  return count;
}

std::optional<std::int64_t> parse_integer(std::string_view digits, int base) {
  std::int64_t value = 0;
  // from_chars takes "-1" in any base, but the core schema has no "0x-1".
  if (base != 10 && digits.starts_with('-')) return std::nullopt;
  const char* end = digits.data() + digits.size();
  const auto [stop, failure] = std::from_chars(digits.data(), end, value, base);
  if (failure != std::errc{} || stop != end) return std::nullopt;
  return value;
}

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool is_number(std::string_view text) {
  if (!text.empty() && is_sign(text[0])) text.remove_prefix(1);
  const std::size_t whole = take_digits(text);
  std::size_t fraction = 0;
  if (!text.empty() && text[0] == '.') {
    text.remove_prefix(1);
    fraction = take_digits(text);
  }
  if (whole + fraction == 0) return false;
  if (text.empty()) return true;
  if (text[0] != 'e' && text[0] != 'E') return false;
  text.remove_prefix(1);
  if (!text.empty() && is_sign(text[0])) text.remove_prefix(1);
  return take_digits(text) > 0 && text.empty();
}

}  // namespace

std::optional<std::int64_t> integer_value(std::string_view text) {
  if (text.starts_with("0o")) return parse_integer(text.substr(2), 8);
  if (text.starts_with("0x")) return parse_integer(text.substr(2), 16);
  if (text.starts_with('+')) text.remove_prefix(1);
  return parse_integer(text, 10);
}

double real_value(std::string_view text) {
  if (const auto integer = integer_value(text)) return static_cast<double>(*integer);
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  // Out of range for a double; `plain_scalar_kind` then makes it a string.
  return failure == std::errc{} ? value : std::numeric_limits<double>::infinity();
}

Kind plain_scalar_kind(std::string_view text) {
  if (std::ranges::find(nulls, text) != nulls.end()) return Kind::null;
  if (std::ranges::find(booleans, text) != booleans.end()) return Kind::boolean;
  const char first = text[0];
  if (!is_digit(first) && !is_sign(first) && first != '.') return Kind::string;
  // integer_value drops one '+', and from_chars would accept the '-' of "+-1".
  const bool doubled_sign = text.size() > 1 && first == '+' && is_sign(text[1]);
  if (!doubled_sign && integer_value(text)) return Kind::integer;
  return is_number(text) && std::isfinite(real_value(text)) ? Kind::real : Kind::string;
}

namespace {

void append_escaped(std::string& json, char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  switch (c) {
    case '"': json += "\\\""; return;
    case '\\': json += "\\\\"; return;
    case '\n': json += "\\n"; return;
    case '\t': json += "\\t"; return;
    default: break;
  }
  const auto code = static_cast<unsigned char>(c);
  if (code >= 0x20) {
    json += c;
  } else {
    json.append("\\u00").append({digits[code >> 4U], digits[code & 0xFU]});
  }
}

void append_string(std::string& json, std::string_view text) {
  json += '"';
  for (const char c : text) append_escaped(json, c);
  json += '"';
}

template <typename Number>
void append_number(std::string& json, Number value) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  json.append(digits.data(), end);
}

}  // namespace

void append_json(std::string& json, const Node& node) {
  switch (node.kind) {
    case Kind::null: json += "null"; return;
    case Kind::boolean: json += node.boolean() ? "true" : "false"; return;
    case Kind::integer: append_number(json, node.integer()); return;
    case Kind::real: append_number(json, node.real()); return;
    case Kind::string: append_string(json, node.text); return;
    case Kind::sequence:
      json += '[';
      for (const Node& item : node.items) {
        if (&item != &node.items.front()) json += ',';
        append_json(json, item);
      }
      json += ']';
      return;
    case Kind::mapping:
      json += '{';
      for (const Member& member : node.members) {
        if (&member != &node.members.front()) json += ',';
        append_string(json, member.key);
        json += ':';
        append_json(json, member.value);
      }
      json += '}';
  }
}

}  // namespace ktx::yaml
