// A YAML document of a project, whatever it is about.

#include <algorithm>

#include "fuzz_target.hpp"
#include "ktx/util/json.hpp"
#include "ktx/yaml/document.hpp"
#include "ktx/yaml/node.hpp"

namespace {

using namespace ktx;

std::string json_of(const yaml::Node& node) {
  std::string json;
  yaml::append_json(json, node);
  return json;
}

/// YAML's line ends are these, and end in these bytes. The text's end counts as a line of its own.
std::size_t last_line(std::string_view text) {
  return 2 + static_cast<std::size_t>(std::ranges::count_if(text, [](char byte) {
           return std::string_view("\n\r\x85\xA8\xA9").find(byte) != std::string_view::npos;
         }));
}

void require_place(const yaml::Mark& mark, std::string_view text) {
  fuzz::require(mark.line >= 1 && mark.line <= last_line(text), "a place has a line of the text");
  fuzz::require(mark.column >= 1 && mark.column <= text.size() + 1, "a place has a column of the text");
}

void require_places(const yaml::Node& node, std::string_view text) {
  require_place(node.mark, text);
  for (const auto& item : node.items) require_places(item, text);
  for (const auto& member : node.members) {
    require_place(member.mark, text);
    require_places(member.value, text);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text = fuzz::text_of(bytes, size);
  const auto result = yaml::parse(text);
  if (const auto* fault = std::get_if<yaml::Fault>(&result)) {
    fuzz::require(!fault->message.empty(), "a fault says what is wrong");
    require_place(fault->mark, text);
    return 0;
  }
  const auto& node = std::get<yaml::Node>(result);
  require_places(node, text);
  fuzz::require(Json::accept(json_of(node)), "what is sent to the planner is JSON");
  return 0;
}
