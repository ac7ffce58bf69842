#include "yaml_emission.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <utility>

#include "ktx/util/error.hpp"
#include "ktx/util/text.hpp"
#include "yaml_scalar.hpp"

namespace ktx::project {
namespace {

/// Words that YAML 1.1 takes for true or false, in lower case.
constexpr std::array<std::string_view, 6> older_booleans = {"y", "n", "yes", "no", "on", "off"};

/// How numbers, dates, times, merge keys and default values of YAML 1.1 begin.
constexpr std::string_view ambiguous_beginnings = "0123456789+-.=<";

}  // namespace

YamlEmission::YamlEmission(int step) {
  if (yaml_emitter_initialize(&emitter_) == 0) throw std::bad_alloc();
  yaml_emitter_set_output(&emitter_, append, &text_);
  yaml_emitter_set_unicode(&emitter_, 1);
  yaml_emitter_set_width(&emitter_, -1);
  yaml_emitter_set_indent(&emitter_, step);
  yaml_event_t event;
  emit(event, yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING));
  emit(event, yaml_document_start_event_initialize(&event, nullptr, nullptr, nullptr, 1));
}

YamlEmission::~YamlEmission() { yaml_emitter_delete(&emitter_); }

void YamlEmission::begin_mapping(yaml_mapping_style_t style) {
  yaml_event_t event;
  emit(event, yaml_mapping_start_event_initialize(&event, nullptr, nullptr, 1, style));
}

void YamlEmission::end_mapping() {
  yaml_event_t event;
  emit(event, yaml_mapping_end_event_initialize(&event));
}

void YamlEmission::begin_sequence(yaml_sequence_style_t style) {
  yaml_event_t event;
  emit(event, yaml_sequence_start_event_initialize(&event, nullptr, nullptr, 1, style));
}

void YamlEmission::end_sequence() {
  yaml_event_t event;
  emit(event, yaml_sequence_end_event_initialize(&event));
}

void YamlEmission::scalar(std::string_view text, yaml_scalar_style_t style) {
  yaml_event_t event;
  const int plain = style == YAML_PLAIN_SCALAR_STYLE ? 1 : 0;
  emit(event, yaml_scalar_event_initialize(&event, nullptr, nullptr,
                                           reinterpret_cast<const yaml_char_t*>(text.data()),
                                           static_cast<int>(text.size()), plain, 1, style));
}

std::string YamlEmission::finish() {
  yaml_event_t event;
  emit(event, yaml_document_end_event_initialize(&event, 1));
  emit(event, yaml_stream_end_event_initialize(&event));
  return std::move(text_);
}

int YamlEmission::append(void* text, unsigned char* bytes, std::size_t size) {
  static_cast<std::string*>(text)->append(reinterpret_cast<const char*>(bytes), size);
  return 1;
}

/// The emitter takes the event, also when it fails.
void YamlEmission::emit(yaml_event_t& event, int made) {
  if (made == 0) throw std::bad_alloc();
  if (yaml_emitter_emit(&emitter_, &event) != 0) return;
  const std::string problem = emitter_.problem == nullptr ? "" : emitter_.problem;
  throw Error(ErrorKind::internal, "A value cannot be written as YAML: " + problem);
}

bool is_ambiguous_plain(std::string_view text) {
  if (plain_scalar_kind(text) != YamlKind::string) return true;
  if (ambiguous_beginnings.find(text[0]) != std::string_view::npos) return true;
  return std::ranges::find(older_booleans, lower_case(std::string(text))) != older_booleans.end();
}

}  // namespace ktx::project
