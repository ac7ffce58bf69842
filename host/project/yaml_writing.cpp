#include "yaml_writing.hpp"

#include <algorithm>
#include <string_view>

#include "ktx/util/error.hpp"
#include "ktx/util/text.hpp"
#include "yaml_emission.hpp"

namespace ktx::project {
namespace {

bool holds_collection(const Json& list) {
  return std::ranges::any_of(list, [](const Json& item) { return item.is_structured() && !item.empty(); });
}

/// Text of several lines stays in one, escaped: an edit changes the lines of its own entry alone.
yaml_scalar_style_t style_in_entry(const std::string& text) {
  const bool one_line = std::ranges::all_of(text, [](char c) { return c < 0 || c >= ' '; });
  return one_line && !is_ambiguous_plain(text) ? YAML_PLAIN_SCALAR_STYLE : YAML_DOUBLE_QUOTED_SCALAR_STYLE;
}

class EntryWriter {
 public:
  EntryWriter(YamlStyle style, int step) : flow_(style == YamlStyle::flow), emission_(step) {}

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
  YamlEmission emission_;
};

}  // namespace

std::string write_yaml_entry(const std::string& key, const Json& value, YamlStyle style, int step) {
  EntryWriter writer(style, step);
  writer.write(Json::object({{key, value}}));
  std::string text = writer.finish();
  while (text.ends_with('\n')) text.pop_back();
  if (style == YamlStyle::flow) text = text.substr(1, text.size() - 2);  // without the outer braces
  return text;
}

}  // namespace ktx::project
