#include "yaml_text.hpp"

#include <algorithm>
#include <ranges>

#include "yaml_events.hpp"

namespace ktx::project {
namespace {

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

/// Follows libyaml's events; its marks count characters, which are turned into bytes.
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

  YamlEvents events_;
  std::vector<std::size_t> offsets_;  // of each character, and the text's size
};

}  // namespace

const TextMember* TextNode::find(std::string_view key) const {
  const auto found = std::ranges::find(members, key, &TextMember::key);
  return found == members.end() ? nullptr : &*found;
}

TextNode locate_yaml(std::string_view text) { return TextLocator(text).document(); }

}  // namespace ktx::project
