// The file of a wiki page: what is read can be written, and is then read as the same.

#include "fuzz_target.hpp"
#include "ktx/util/json.hpp"
#include "ktx/wiki/page.hpp"
#include "ktx/yaml/node.hpp"

namespace {

std::string json_of(const ktx::yaml::Node& node) {
  std::string json;
  ktx::yaml::append_json(json, node);
  return json;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace ktx;
  const auto parsed = wiki::parse_page(fuzz::text_of(bytes, size));
  if (const auto* fault = std::get_if<yaml::Fault>(&parsed)) {
    fuzz::require(!fault->message.empty(), "a fault says what is wrong");
    return 0;
  }
  const auto& page = std::get<wiki::PageFile>(parsed);
  for (const char* key : {"tags", "refs", "sl_refs"}) wiki::texts_of(page.front, key);
  const auto again = wiki::parse_page(wiki::write_page_file(page));
  fuzz::require(std::holds_alternative<wiki::PageFile>(again), "a written page can be read");
  fuzz::require(std::get<wiki::PageFile>(again).content == page.content, "the content is as it was");
  fuzz::require(json_of(std::get<wiki::PageFile>(again).front) == json_of(page.front),
                "the front matter says the same");
  return 0;
}
