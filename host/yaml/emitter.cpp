#include "ktx/yaml/emitter.hpp"

#include <yaml.h>

#include <algorithm>
#include <array>
#include <new>
#include <string>
#include <string_view>
#include <utility>

#include "ktx/util/error.hpp"
#include "ktx/util/text.hpp"
#include "ktx/yaml/node.hpp"

namespace ktx::yaml {
namespace {

// libyaml's emitter, writing one document of UTF-8 into a string. Long lines are not broken. Each call adds
// the document's next event. What libyaml refuses is an `internal` error with its reason.
class Emission {
 public:
  explicit Emission(int step = 2);  ///< spaces a level, 2 to 9
  Emission(const Emission&) = delete;
  Emission& operator=(const Emission&) = delete;
  ~Emission();

  void begin_mapping(yaml_mapping_style_t style);
  void end_mapping();
  void begin_sequence(yaml_sequence_style_t style);
  void end_sequence();

  // A scalar in any style but plain is read as text. libyaml falls back to quotes if the style cannot hold
  // the text.
  void scalar(std::string_view text, yaml_scalar_style_t style);

  // The document, ending in a line break; nothing can be added to it after this.
  std::string finish();

 private:
  static int append(void* text, unsigned char* bytes, std::size_t size);
  void emit(yaml_event_t& event, int made);

  yaml_emitter_t emitter_{};
  std::string text_;
};

// Words that YAML 1.1 reads as true or false, in lower case.
constexpr std::array<std::string_view, 6> older_booleans = {"y", "n", "yes", "no", "on", "off"};

// How numbers, dates, times, merge keys and default values of YAML 1.1 begin ("=" is its default value).
constexpr std::string_view ambiguous_beginnings = "0123456789+-.=<";

Emission::Emission(int step) {
  if (yaml_emitter_initialize(&emitter_) == 0) throw std::bad_alloc();
  yaml_emitter_set_output(&emitter_, append, &text_);
  yaml_emitter_set_unicode(&emitter_, 1);
  yaml_emitter_set_width(&emitter_, -1);
  yaml_emitter_set_indent(&emitter_, step);
  yaml_event_t event;
  emit(event, yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING));
  emit(event, yaml_document_start_event_initialize(&event, nullptr, nullptr, nullptr, 1));
}

Emission::~Emission() { yaml_emitter_delete(&emitter_); }

void Emission::begin_mapping(yaml_mapping_style_t style) {
  yaml_event_t event;
  emit(event, yaml_mapping_start_event_initialize(&event, nullptr, nullptr, 1, style));
}

void Emission::end_mapping() {
  yaml_event_t event;
  emit(event, yaml_mapping_end_event_initialize(&event));
}

void Emission::begin_sequence(yaml_sequence_style_t style) {
  yaml_event_t event;
  emit(event, yaml_sequence_start_event_initialize(&event, nullptr, nullptr, 1, style));
}

void Emission::end_sequence() {
  yaml_event_t event;
  emit(event, yaml_sequence_end_event_initialize(&event));
}

void Emission::scalar(std::string_view text, yaml_scalar_style_t style) {
  yaml_event_t event;
  const int plain = style == YAML_PLAIN_SCALAR_STYLE ? 1 : 0;
  emit(event, yaml_scalar_event_initialize(&event, nullptr, nullptr,
                                           reinterpret_cast<const yaml_char_t*>(text.data()),
                                           static_cast<int>(text.size()), plain, 1, style));
}

std::string Emission::finish() {
  yaml_event_t event;
  emit(event, yaml_document_end_event_initialize(&event, 1));
  emit(event, yaml_stream_end_event_initialize(&event));
  return std::move(text_);
}

int Emission::append(void* text, unsigned char* bytes, std::size_t size) {
  static_cast<std::string*>(text)->append(reinterpret_cast<const char*>(bytes), size);
  return 1;
}

// yaml_emitter_emit frees the event, even if it fails.
void Emission::emit(yaml_event_t& event, int made) {
  if (made == 0) throw std::bad_alloc();
  if (yaml_emitter_emit(&emitter_, &event) != 0) return;
  const std::string problem = emitter_.problem == nullptr ? "" : emitter_.problem;
  throw Error(ErrorKind::internal, "A value cannot be written as YAML: " + problem);
}

// Whether some reader of YAML, 1.1 or 1.2, takes the unquoted text for something other than text: a number, a
// date, a truth value, a null.
bool is_ambiguous_plain(std::string_view text) {
  if (plain_scalar_kind(text) != Kind::string) return true;
  if (ambiguous_beginnings.find(text[0]) != std::string_view::npos) return true;
  return std::ranges::find(older_booleans, lower_case(std::string(text))) != older_booleans.end();
}

yaml_scalar_style_t style_of_text(std::string_view text) {
  if (text.find('\n') != std::string_view::npos) {
    // Text that begins with a line break or a blank would need an indentation indicator, and a carriage
    // return would be read as a line break.
    const bool fits_block = text[0] != '\n' && text[0] != ' ' && text.find('\r') == std::string_view::npos;
    return fits_block ? YAML_LITERAL_SCALAR_STYLE : YAML_DOUBLE_QUOTED_SCALAR_STYLE;
  }
  return is_ambiguous_plain(text) ? YAML_SINGLE_QUOTED_SCALAR_STYLE : YAML_PLAIN_SCALAR_STYLE;
}

// A key is read as text whatever it looks like: every parser of semantic layers takes `on` unquoted, only
// "<<" would be merged.
yaml_scalar_style_t style_of_key(std::string_view text) {
  const bool is_plain = text != "<<" && text.find('\n') == std::string_view::npos;
  return is_plain ? YAML_PLAIN_SCALAR_STYLE : YAML_DOUBLE_QUOTED_SCALAR_STYLE;
}

void emit_value(Emission& emission, const Node& node);

void emit_sequence(Emission& emission, const Node& node) {
  emission.begin_sequence(YAML_BLOCK_SEQUENCE_STYLE);
  for (const Node& item : node.items) emit_value(emission, item);
  emission.end_sequence();
}

void emit_mapping(Emission& emission, const Node& node) {
  emission.begin_mapping(YAML_BLOCK_MAPPING_STYLE);
  for (const Member& member : node.members) {
    emission.scalar(member.key, style_of_key(member.key));
    emit_value(emission, member.value);
  }
  emission.end_mapping();
}

void emit_value(Emission& emission, const Node& node) {
  switch (node.kind) {
    case Kind::sequence: emit_sequence(emission, node); return;
    case Kind::mapping: emit_mapping(emission, node); return;
    case Kind::string: emission.scalar(node.text, style_of_text(node.text)); return;
    case Kind::null: emission.scalar("null", YAML_PLAIN_SCALAR_STYLE); return;
    default: emission.scalar(node.text, YAML_PLAIN_SCALAR_STYLE); return;
  }
}

}  // namespace

std::string to_yaml(const Node& node) {
  Emission emission;
  emit_value(emission, node);
  return emission.finish();
}

namespace {

bool holds_collection(const Json& list) {
  return std::ranges::any_of(list, [](const Json& item) { return item.is_structured() && !item.empty(); });
}

// Text of several lines is escaped onto one line: an edit changes only the lines of its own entry.
yaml_scalar_style_t style_in_entry(const std::string& text) {
  const bool one_line = std::ranges::all_of(text, [](char c) { return c < 0 || c >= ' '; });
  return one_line && !is_ambiguous_plain(text) ? YAML_PLAIN_SCALAR_STYLE : YAML_DOUBLE_QUOTED_SCALAR_STYLE;
}

class EntryWriter {
 public:
  EntryWriter(Style style, int step) : flow_(style == Style::flow), emission_(step) {}

  void write(const Json& value) {
    if (value.is_object()) {
      mapping(value);
    } else if (value.is_array()) {
      sequence(value);
    } else if (value.is_string()) {
      text(value.get_ref<const std::string&>());
    } else {
      emission_.scalar(value.dump(), YAML_PLAIN_SCALAR_STYLE);
    }
  }

  std::string finish() { return emission_.finish(); }

 private:
  void mapping(const Json& value) {
    emission_.begin_mapping(flow_ || value.empty() ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE);
    for (const auto& [key, member] : value.items()) {
      text(key);
      write(member);
    }
    emission_.end_mapping();
  }

  void sequence(const Json& value) {
    const bool in_brackets = flow_ || !holds_collection(value);
    emission_.begin_sequence(in_brackets ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE);
    for (const Json& item : value) write(item);
    emission_.end_sequence();
  }

  void text(const std::string& value) {
    if (first_invalid_utf8(value)) {
      throw Error(ErrorKind::project, "A value for ktx.yaml is not UTF-8", "Write the value as UTF-8");
    }
    emission_.scalar(value, style_in_entry(value));
  }

  bool flow_;
  Emission emission_;
};

}  // namespace

std::string write_entry(const std::string& key, const Json& value, Style style, int step) {
  EntryWriter writer(style, step);
  writer.write(Json::object({{key, value}}));
  std::string text = writer.finish();
  while (text.ends_with('\n')) text.pop_back();
  if (style == Style::flow) text = text.substr(1, text.size() - 2);  // without the outer braces
  return text;
}

}  // namespace ktx::yaml
