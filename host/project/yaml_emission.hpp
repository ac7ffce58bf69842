#pragma once

#include <yaml.h>

#include <string>
#include <string_view>

namespace ktx::project {

/// libyaml's emitter, writing one document of UTF-8 into a string: no line is broken, and every call adds the
/// next event of the document. What libyaml refuses is an `internal` error with its reason.
class YamlEmission {
 public:
  explicit YamlEmission(int step = 2);  ///< spaces a level, 2 to 9
  YamlEmission(const YamlEmission&) = delete;
  YamlEmission& operator=(const YamlEmission&) = delete;
  ~YamlEmission();

  void begin_mapping(yaml_mapping_style_t style);
  void end_mapping();
  void begin_sequence(yaml_sequence_style_t style);
  void end_sequence();

  /// A scalar that is not plain is text for the reader. libyaml puts quotes where the style cannot be had.
  void scalar(std::string_view text, yaml_scalar_style_t style);

  /// The document, ending in a line break; nothing can be added to it after this.
  std::string finish();

 private:
  static int append(void* text, unsigned char* bytes, std::size_t size);
  void emit(yaml_event_t& event, int made);

  yaml_emitter_t emitter_{};
  std::string text_;
};

/// Whether some reader of YAML, 1.1 or 1.2, takes the unquoted text for something else than text: a number, a
/// date, a truth value, a null.
bool is_ambiguous_plain(std::string_view text);

}  // namespace ktx::project
