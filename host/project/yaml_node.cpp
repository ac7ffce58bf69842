#include "ktx/project/yaml_node.hpp"

#include <algorithm>
#include <utility>

#include "yaml_scalar.hpp"

namespace ktx::project {

std::string_view describe(YamlKind kind) {
  switch (kind) {
    case YamlKind::null: return "nothing";
    case YamlKind::boolean: return "true or false";
    case YamlKind::integer:
    case YamlKind::real: return "a number";
    case YamlKind::string: return "text";
    case YamlKind::sequence: return "a list";
    case YamlKind::mapping: return "a mapping";
  }
  return "nothing";
}

const YamlNode* YamlNode::find(std::string_view key) const {
  const auto found = std::ranges::find(members, key, &YamlMember::key);
  return found == members.end() ? nullptr : &found->value;
}

YamlNode* YamlNode::find(std::string_view key) {
  const auto found = std::ranges::find(members, key, &YamlMember::key);
  return found == members.end() ? nullptr : &found->value;
}

const YamlNode* YamlNode::find_value(std::string_view key) const {
  const YamlNode* found = find(key);
  return found == nullptr || found->is(YamlKind::null) ? nullptr : found;
}

std::optional<std::string> YamlNode::find_text(std::string_view key) const {
  const YamlNode* found = find(key);
  if (found == nullptr || !found->is(YamlKind::string)) return std::nullopt;
  return found->text;
}

bool YamlNode::boolean() const { return text == "true" || text == "True" || text == "TRUE"; }

std::int64_t YamlNode::integer() const { return integer_value(text).value_or(0); }

double YamlNode::real() const { return real_value(text); }

void YamlNode::set(std::string_view key, YamlNode value) {
  if (YamlNode* found = find(key)) {
    *found = std::move(value);
  } else {
    const Mark at = value.mark;
    members.push_back({std::string(key), at, std::move(value)});
  }
}

void YamlNode::erase(std::string_view key) {
  std::erase_if(members, [&](const YamlMember& member) { return member.key == key; });
}

YamlNode YamlNode::string(std::string text, Mark mark) {
  YamlNode node;
  node.kind = YamlKind::string;
  node.mark = mark;
  node.text = std::move(text);
  return node;
}

YamlNode YamlNode::sequence(Mark mark) {
  YamlNode node;
  node.kind = YamlKind::sequence;
  node.mark = mark;
  return node;
}

YamlNode YamlNode::mapping(Mark mark) {
  YamlNode node;
  node.kind = YamlKind::mapping;
  node.mark = mark;
  return node;
}

}  // namespace ktx::project
