#include "ktx/project/yaml_json.hpp"

#include <array>
#include <charconv>
#include <string_view>

namespace ktx::project {
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

void append_json(std::string& json, const YamlNode& node) {
  switch (node.kind) {
    case YamlKind::null: json += "null"; return;
    case YamlKind::boolean: json += node.boolean() ? "true" : "false"; return;
    case YamlKind::integer: append_number(json, node.integer()); return;
    case YamlKind::real: append_number(json, node.real()); return;
    case YamlKind::string: append_string(json, node.text); return;
    case YamlKind::sequence:
      json += '[';
      for (const YamlNode& item : node.items) {
        if (&item != &node.items.front()) json += ',';
        append_json(json, item);
      }
      json += ']';
      return;
    case YamlKind::mapping:
      json += '{';
      for (const YamlMember& member : node.members) {
        if (&member != &node.members.front()) json += ',';
        append_string(json, member.key);
        json += ':';
        append_json(json, member.value);
      }
      json += '}';
  }
}

}  // namespace ktx::project
