#include "yaml_writing.hpp"

#include <yaml.h>

#include <algorithm>
#include <array>
#include <new>
#include <string_view>

#include "ktx/util/text.hpp"
#include "ktx/util/utf8.hpp"
#include "yaml_scalar.hpp"

namespace ktx::project {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// What YAML 1.1 takes for true and false.
bool is_word_of_older_yaml(const std::string& text) {
  constexpr std::array<std::string_view, 6> words = {"y", "n", "yes", "no", "on", "off"};
  return std::ranges::find(words, lower_case(text)) != words.end();
}

bool may_begin_plain(char c) { return is_letter(c) || c == '_' || c == '/'; }

/// Whether the text needs no quotes; libyaml looks at the characters that would end it.
bool may_be_plain(const std::string& text) {
  if (text.empty() || !may_begin_plain(text[0])) return false;
  const bool one_line = std::ranges::all_of(text, [](char c) { return c < 0 || c >= ' '; });
  return one_line && plain_scalar_kind(text) == YamlKind::string && !is_word_of_older_yaml(text);
}

bool holds_collection(const Json& list) {
  return std::ranges::any_of(list, [](const Json& item) { return item.is_structured() && !item.empty(); });
}

/// libyaml's emitter, writing into a string.
class YamlWriter {
 public:
  YamlWriter(YamlStyle style, int step) : flow_(style == YamlStyle::flow) {
    if (yaml_emitter_initialize(&emitter_) == 0) throw std::bad_alloc();
    yaml_emitter_set_output(&emitter_, append, &text_);
    yaml_emitter_set_encoding(&emitter_, YAML_UTF8_ENCODING);
    yaml_emitter_set_unicode(&emitter_, 1);
    yaml_emitter_set_width(&emitter_, -1);
    yaml_emitter_set_indent(&emitter_, step);
  }
  YamlWriter(const YamlWriter&) = delete;
  YamlWriter& operator=(const YamlWriter&) = delete;
  ~YamlWriter() { yaml_emitter_delete(&emitter_); }

  std::string document(const Json& value) {
    yaml_event_t event;
    emit(event, yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING));
    emit(event, yaml_document_start_event_initialize(&event, nullptr, nullptr, nullptr, 1));
    write(value);
    emit(event, yaml_document_end_event_initialize(&event, 1));
    emit(event, yaml_stream_end_event_initialize(&event));
    while (text_.ends_with('\n')) text_.pop_back();
    return text_;
  }

 private:
  static int append(void* text, unsigned char* bytes, std::size_t size) {
    static_cast<std::string*>(text)->append(reinterpret_cast<const char*>(bytes), size);
    return 1;
  }

  void emit(yaml_event_t& event, int made) {
    if (made == 0 || yaml_emitter_emit(&emitter_, &event) == 0) throw std::bad_alloc();
  }

  void write(const Json& value) {
    if (value.is_object()) {
      mapping(value);
    } else if (value.is_array()) {
      sequence(value);
    } else if (value.is_string()) {
      const auto& text = value.get_ref<const std::string&>();
      scalar(text, may_be_plain(text) ? YAML_PLAIN_SCALAR_STYLE : YAML_DOUBLE_QUOTED_SCALAR_STYLE);
    } else {
      scalar(value.dump(), YAML_PLAIN_SCALAR_STYLE);
    }
  }

  void mapping(const Json& value) {
    const auto style = flow_ || value.empty() ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE;
    yaml_event_t event;
    emit(event, yaml_mapping_start_event_initialize(&event, nullptr, nullptr, 1, style));
    for (const auto& [key, member] : value.items()) {
      write(Json(key));
      write(member);
    }
    emit(event, yaml_mapping_end_event_initialize(&event));
  }

  void sequence(const Json& value) {
    const auto style =
        flow_ || !holds_collection(value) ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE;
    yaml_event_t event;
    emit(event, yaml_sequence_start_event_initialize(&event, nullptr, nullptr, 1, style));
    for (const Json& item : value) write(item);
    emit(event, yaml_sequence_end_event_initialize(&event));
  }

  void scalar(const std::string& text, yaml_scalar_style_t style) {
    if (first_invalid_utf8(text)) {
      throw Error(ErrorKind::project, "A value for ktx.yaml is not UTF-8", "Write the value as UTF-8");
    }
    // libyaml does not change what it is given, but takes it as non-const.
    auto* bytes = const_cast<unsigned char*>(reinterpret_cast<const unsigned char*>(text.data()));
    yaml_event_t event;
    emit(event, yaml_scalar_event_initialize(&event, nullptr, nullptr, bytes, static_cast<int>(text.size()),
                                             1, 1, style));
  }

  bool flow_;
  std::string text_;
  yaml_emitter_t emitter_{};
};

}  // namespace

std::string write_yaml_entry(const std::string& key, const Json& value, YamlStyle style, int step) {
  const Json document = Json::object({{key, value}});
  std::string text = YamlWriter(style, step).document(document);
  if (style == YamlStyle::flow) text = text.substr(1, text.size() - 2);  // without the outer braces
  return text;
}

}  // namespace ktx::project
