#include "ktx/project/yaml_emitter.hpp"

#include <string_view>

#include "yaml_emission.hpp"

namespace ktx::project {
namespace {

yaml_scalar_style_t style_of_text(std::string_view text) {
  if (text.find('\n') != std::string_view::npos) {
    // A line break at the beginning, or a blank, would need an indentation indicator.
    const bool fits_block = text[0] != '\n' && text[0] != ' ' && text.find('\r') == std::string_view::npos;
    return fits_block ? YAML_LITERAL_SCALAR_STYLE : YAML_DOUBLE_QUOTED_SCALAR_STYLE;
  }
  return is_ambiguous_plain(text) ? YAML_SINGLE_QUOTED_SCALAR_STYLE : YAML_PLAIN_SCALAR_STYLE;
}

/// A key is text whatever it looks like; `on` needs no quotes in any parser that reads semantic layers.
yaml_scalar_style_t style_of_key(std::string_view text) {
  const bool is_plain = text != "<<" && text.find('\n') == std::string_view::npos;
  return is_plain ? YAML_PLAIN_SCALAR_STYLE : YAML_DOUBLE_QUOTED_SCALAR_STYLE;
}

void emit_value(YamlEmission& emission, const YamlNode& node);

void emit_sequence(YamlEmission& emission, const YamlNode& node) {
  emission.begin_sequence(YAML_BLOCK_SEQUENCE_STYLE);
  for (const YamlNode& item : node.items) emit_value(emission, item);
  emission.end_sequence();
}

void emit_mapping(YamlEmission& emission, const YamlNode& node) {
  emission.begin_mapping(YAML_BLOCK_MAPPING_STYLE);
  for (const YamlMember& member : node.members) {
    emission.scalar(member.key, style_of_key(member.key));
    emit_value(emission, member.value);
  }
  emission.end_mapping();
}

void emit_value(YamlEmission& emission, const YamlNode& node) {
  switch (node.kind) {
    case YamlKind::sequence: emit_sequence(emission, node); return;
    case YamlKind::mapping: emit_mapping(emission, node); return;
    case YamlKind::string: emission.scalar(node.text, style_of_text(node.text)); return;
    case YamlKind::null: emission.scalar("null", YAML_PLAIN_SCALAR_STYLE); return;
    default: emission.scalar(node.text, YAML_PLAIN_SCALAR_STYLE); return;
  }
}

}  // namespace

std::string to_yaml(const YamlNode& node) {
  YamlEmission emission;
  emit_value(emission, node);
  return emission.finish();
}

}  // namespace ktx::project
