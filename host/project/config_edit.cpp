#include "ktx/project/config_edit.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "ktx/util/finding.hpp"
#include "ktx/yaml/document.hpp"
#include "ktx/yaml/text_edit.hpp"

namespace ktx::project {
namespace {

using Path = std::vector<std::string>;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

std::string dotted(const Path& path, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += (i == 0 ? "" : ".") + path[i];
  return text;
}

[[noreturn]] void refuse_edit(const std::string& file, const yaml::Mark& mark, std::string code,
                              std::string message, std::string fix) {
  throw to_error({std::move(code),
                  Severity::error,
                  file,
                  mark.line,
                  mark.column,
                  std::move(message),
                  {},
                  std::move(fix)},
                 ErrorKind::project);
}

yaml::Node read_document(std::string_view text, const std::string& file) {
  auto document = yaml::parse(text);
  if (const auto* fault = std::get_if<yaml::Fault>(&document)) {
    refuse_edit(file, fault->mark, "yaml-syntax", fault->message, fault->fix);
  }
  return std::get<yaml::Node>(std::move(document));
}

yaml::Kind kind_of(const Json& value) {
  switch (value.type()) {
    case Json::value_t::object: return yaml::Kind::mapping;
    case Json::value_t::array: return yaml::Kind::sequence;
    case Json::value_t::string: return yaml::Kind::string;
    case Json::value_t::boolean: return yaml::Kind::boolean;
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned: return yaml::Kind::integer;
    case Json::value_t::number_float: return yaml::Kind::real;
    default: return yaml::Kind::null;
  }
}

yaml::Node node_of(const Json& value, const yaml::Mark& mark) {
  yaml::Node node;
  node.kind = kind_of(value);
  node.mark = mark;
  if (value.is_object()) {
    for (const auto& [key, member] : value.items()) node.set(key, node_of(member, mark));
  } else if (value.is_array()) {
    for (const Json& item : value) node.items.push_back(node_of(item, mark));
  } else if (!value.is_null()) {
    node.text = value.is_string() ? value.get<std::string>() : value.dump();
  }
  return node;
}

// Whether two trees have equal values; the order of a mapping's keys does not matter.
bool is_same(const yaml::Node& one, const yaml::Node& other) {
  if (one.kind != other.kind || one.members.size() != other.members.size()) return false;
  // "true" and "True" are equal, the spellings of null too.
  if (one.is(yaml::Kind::boolean)) return one.boolean() == other.boolean();
  if (!one.is(yaml::Kind::null) && one.text != other.text) return false;
  if (!std::ranges::equal(one.items, other.items, is_same)) return false;
  return std::ranges::all_of(one.members, [&](const yaml::Member& member) {
    const yaml::Node* value = other.find(member.key);
    return value != nullptr && is_same(member.value, *value);
  });
}

// The mapping that holds the last key of `path`; missing mappings are made in the tree.
yaml::Node& reach(yaml::Node& root, const std::string& file, const Path& path) {
  yaml::Node* node = &root;
  for (std::size_t depth = 0;; ++depth) {
    if (node->is(yaml::Kind::null)) *node = yaml::Node::mapping(node->mark);
    if (!node->is(yaml::Kind::mapping)) {
      const std::string name = depth == 0 ? file : dotted(path, depth);
      refuse_edit(file, node->mark, "not-a-mapping",
                  name + " must be a mapping, not " + std::string(describe(node->kind)),
                  "Write " + name + " as a mapping");
    }
    if (depth + 1 == path.size()) return *node;
    if (node->find(path[depth]) == nullptr) node->set(path[depth], yaml::Node::mapping(node->mark));
    node = node->find(path[depth]);
  }
}

Json nested(const Path& path, std::size_t from, Json value) {
  for (std::size_t i = path.size(); i > from; --i) value = Json::object({{path[i - 1], std::move(value)}});
  return value;
}

std::string set_in_text(const yaml::TextEdit& edit, const yaml::TextNode& root, const Path& path,
                        const Json& value) {
  const yaml::TextNode* node = &root;
  for (std::size_t depth = 0;; ++depth) {
    // Only the root can be something else: an empty document.
    if (node->kind != yaml::TextNode::Kind::mapping)
      return edit.begin_document(path[0], nested(path, 1, value));
    const yaml::TextMember* member = node->find(path[depth]);
    if (member == nullptr) return edit.insert(*node, path[depth], nested(path, depth + 1, value));
    const bool last = depth + 1 == path.size();
    const yaml::TextNode& next = member->value;
    if (last || next.kind == yaml::TextNode::Kind::scalar || edit.is_bare(next)) {
      return edit.replace(*node, *member, nested(path, depth + 1, value));
    }
    if (next.kind != yaml::TextNode::Kind::mapping)
      return edit.text();  // an alias: the comparison refuses it
    node = &next;
  }
}

std::string remove_from_text(const yaml::TextEdit& edit, const yaml::TextNode& root, const Path& path) {
  const yaml::TextNode* node = &root;
  const yaml::TextMember* holder = nullptr;  // whose value `node` is
  for (std::size_t depth = 0;; ++depth) {
    const yaml::TextMember* member = node->find(path[depth]);
    if (member == nullptr) return edit.text();
    if (depth + 1 == path.size()) return edit.remove(*node, *member, holder);
    holder = member;
    node = &member->value;
  }
}

// Returns the result if it says what was asked and nothing else that is new; throws otherwise.
std::string checked(std::string_view mark, const std::string& result, const yaml::Node& expected,
                    const std::string& file, const Path& path, const yaml::Mark& place) {
  const auto document = yaml::parse(result);
  const auto* tree = std::get_if<yaml::Node>(&document);
  // A document that has lost its only key reads as null.
  const bool emptied = tree != nullptr && tree->is(yaml::Kind::null) && expected.members.empty();
  if (tree == nullptr || (!emptied && !is_same(*tree, expected))) {
    refuse_edit(file, place, "shared-value",
                dotted(path, path.size()) +
                    " cannot be changed by itself: an anchor, an alias or a merge key shares it with another "
                    "value, or it is written in a way that ktx does not edit",
                "Edit " + file + " by hand");
  }
  return std::string(mark) + result;
}

// Removes the byte order mark from the text; returns what was removed.
std::string_view take_byte_order_mark(std::string_view& text) {
  if (!text.starts_with(byte_order_mark)) return {};
  text.remove_prefix(byte_order_mark.size());
  return byte_order_mark;
}

}  // namespace

std::string set_config_value(std::string_view text, const std::string& file, const Path& path,
                             const Json& value) {
  const yaml::Node tree = read_document(text, file);
  yaml::Node expected = tree;
  yaml::Node& holder = reach(expected, file, path);
  const yaml::Mark place = holder.mark;
  holder.set(path.back(), node_of(value, place));
  // Equal already: the text stays as the user wrote it.
  if (is_same(tree, expected)) return std::string(text);
  const std::string_view mark = take_byte_order_mark(text);
  return checked(mark, set_in_text(yaml::TextEdit(text), yaml::locate(text), path, value), expected, file,
                 path, place);
}

std::string remove_config_value(std::string_view text, const std::string& file, const Path& path) {
  yaml::Node expected = read_document(text, file);
  yaml::Node* node = &expected;
  for (std::size_t i = 0; i + 1 < path.size() && node != nullptr; ++i) node = node->find(path[i]);
  if (node == nullptr || node->find(path.back()) == nullptr) return std::string(text);
  const yaml::Mark place = node->find(path.back())->mark;
  node->erase(path.back());
  const std::string_view mark = take_byte_order_mark(text);
  return checked(mark, remove_from_text(yaml::TextEdit(text), yaml::locate(text), path), expected, file, path,
                 place);
}

}  // namespace ktx::project
