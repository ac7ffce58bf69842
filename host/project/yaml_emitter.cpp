#include "ktx/project/yaml_emitter.hpp"

#include <yaml.h>

#include <algorithm>
#include <array>
#include <new>
#include <string_view>

#include "ktx/util/error.hpp"
#include "ktx/util/text.hpp"
#include "yaml_scalar.hpp"

namespace ktx::project {
namespace {

/// Words that YAML 1.1 takes for true or false, in lower case.
constexpr std::array<std::string_view, 6> older_booleans = {"y", "n", "yes", "no", "on", "off"};

/// Whether some parser may read the plain text as something else than text: dates, times and numbers of
/// YAML 1.1 begin as numbers do.
bool is_ambiguous(std::string_view text) {
  if (plain_scalar_kind(text) != YamlKind::string) return true;
  if (std::string_view("0123456789+-.=<").find(text[0]) != std::string_view::npos) return true;
  return std::ranges::find(older_booleans, lower_case(std::string(text))) != older_booleans.end();
}

yaml_scalar_style_t style_of_text(std::string_view text) {
  if (text.find('\n') != std::string_view::npos) {
    // A line break at the beginning, or a blank, would need an indentation indicator.
    const bool fits_block = text[0] != '\n' && text[0] != ' ' && text.find('\r') == std::string_view::npos;
    return fits_block ? YAML_LITERAL_SCALAR_STYLE : YAML_DOUBLE_QUOTED_SCALAR_STYLE;
  }
  return is_ambiguous(text) ? YAML_SINGLE_QUOTED_SCALAR_STYLE : YAML_PLAIN_SCALAR_STYLE;
}

/// libyaml's emitter, writing into a string.
class Emitter {
 public:
  Emitter() {
    if (yaml_emitter_initialize(&emitter_) == 0) throw std::bad_alloc();
    yaml_emitter_set_output(&emitter_, append, &text_);
    yaml_emitter_set_unicode(&emitter_, 1);
    yaml_emitter_set_width(&emitter_, -1);  // no line is broken
  }
  Emitter(const Emitter&) = delete;
  Emitter& operator=(const Emitter&) = delete;
  ~Emitter() { yaml_emitter_delete(&emitter_); }

  std::string document(const YamlNode& node) {
    yaml_event_t event;
    emit(event, yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING));
    emit(event, yaml_document_start_event_initialize(&event, nullptr, nullptr, nullptr, 1));
    value(node);
    emit(event, yaml_document_end_event_initialize(&event, 1));
    emit(event, yaml_stream_end_event_initialize(&event));
    return std::move(text_);
  }

 private:
  static int append(void* text, unsigned char* bytes, std::size_t size) {
    static_cast<std::string*>(text)->append(reinterpret_cast<const char*>(bytes), size);
    return 1;
  }

  /// The emitter takes the event, also when it fails.
  void emit(yaml_event_t& event, int initialized) {
    if (initialized == 0) throw std::bad_alloc();
    if (yaml_emitter_emit(&emitter_, &event) == 0) {
      throw Error(ErrorKind::internal, "A value cannot be written as YAML: " +
                                           std::string(emitter_.problem == nullptr ? "" : emitter_.problem));
    }
  }

  void value(const YamlNode& node) {
    switch (node.kind) {
      case YamlKind::sequence: sequence(node); return;
      case YamlKind::mapping: mapping(node); return;
      case YamlKind::string: scalar(node.text, style_of_text(node.text)); return;
      case YamlKind::null: scalar("null", YAML_PLAIN_SCALAR_STYLE); return;
      default: scalar(node.text, YAML_PLAIN_SCALAR_STYLE); return;
    }
  }

  void sequence(const YamlNode& node) {
    yaml_event_t event;
    emit(event, yaml_sequence_start_event_initialize(&event, nullptr, nullptr, 1, YAML_BLOCK_SEQUENCE_STYLE));
    for (const YamlNode& item : node.items) value(item);
    emit(event, yaml_sequence_end_event_initialize(&event));
  }

  void mapping(const YamlNode& node) {
    yaml_event_t event;
    emit(event, yaml_mapping_start_event_initialize(&event, nullptr, nullptr, 1, YAML_BLOCK_MAPPING_STYLE));
    for (const YamlMember& member : node.members) {
      key(member.key);
      value(member.value);
    }
    emit(event, yaml_mapping_end_event_initialize(&event));
  }

  /// A key is text whatever it looks like; `on` needs no quotes in any parser that reads semantic layers.
  void key(const std::string& text) {
    const bool is_plain = text != "<<" && text.find('\n') == std::string::npos;
    scalar(text, is_plain ? YAML_PLAIN_SCALAR_STYLE : YAML_DOUBLE_QUOTED_SCALAR_STYLE);
  }

  void scalar(const std::string& text, yaml_scalar_style_t style) {
    yaml_event_t event;
    const int plain = style == YAML_PLAIN_SCALAR_STYLE ? 1 : 0;
    emit(event, yaml_scalar_event_initialize(&event, nullptr, nullptr,
                                             reinterpret_cast<const yaml_char_t*>(text.data()),
                                             static_cast<int>(text.size()), plain, 1, style));
  }

  yaml_emitter_t emitter_{};
  std::string text_;
};

}  // namespace

std::string to_yaml(const YamlNode& node) { return Emitter().document(node); }

}  // namespace ktx::project
