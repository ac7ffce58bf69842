// An edit of ktx.yaml, whatever the file is like: what was asked is there afterwards, and gone when removed.

#include "ktx/project/config_edit.hpp"

#include "fuzz_target.hpp"
#include "ktx/yaml/document.hpp"

namespace {

using namespace ktx;

const std::string file = "ktx.yaml";
const std::vector<std::string> path = {"connections", "warehouse", "url"};
const std::string value = "yes: \"it\" is";

const yaml::Node* find(const yaml::Node& root) {
  const yaml::Node* node = &root;
  for (const std::string& key : path) {
    node = node == nullptr ? nullptr : node->find(key);
  }
  return node;
}

yaml::Node read(const std::string& text) {
  auto document = yaml::parse(text);
  fuzz::require(std::holds_alternative<yaml::Node>(document), "an edited text can be read");
  return std::get<yaml::Node>(std::move(document));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text = fuzz::text_of(bytes, size);
  fuzz::read_untrusted([&] {
    const std::string edited = project::set_config_value(text, file, path, value);
    const yaml::Node root = read(edited);
    const yaml::Node* node = find(root);
    fuzz::require(node != nullptr && node->text == value, "the value is what was asked");
    fuzz::require(project::set_config_value(edited, file, path, value) == edited, "a second time is no edit");
    fuzz::require(find(read(project::remove_config_value(edited, file, path))) == nullptr,
                  "what is removed is gone");
  });
  fuzz::read_untrusted([&] {
    const std::string edited = project::remove_config_value(text, file, {"connections"});
    fuzz::require(read(edited).find("connections") == nullptr, "what is removed is gone");
  });
  return 0;
}
