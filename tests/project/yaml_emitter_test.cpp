#include <gtest/gtest.h>

#include <random>

#include "ktx/yaml/document.hpp"
#include "ktx/yaml/emitter.hpp"
#include "ktx/yaml/node.hpp"

namespace ktx::project {
namespace {

yaml::Node parsed_or_fail(const std::string& text) {
  auto document = yaml::parse(text);
  if (const auto* fault = std::get_if<yaml::Fault>(&document)) {
    ADD_FAILURE() << fault->message << " in line " << fault->mark.line << " of:\n" << text;
    return {};
  }
  return std::get<yaml::Node>(std::move(document));
}

std::string json_text_of(const yaml::Node& node) {
  std::string json;
  append_json(json, node);
  return json;
}

TEST(YamlEmitter, IsBlockStyleInTheOrderOfTheFile) {
  const std::string text =
      "name: orders\ngrain:\n- id\ncolumns:\n- name: id\n  type: number\n- name: note\n  expr: \"a: "
      "b\"\njoins: "
      "[]\nfreshness: {}\nlimit: 10\nrate: 1.5\nhidden: true\nnothing: null\n";
  EXPECT_EQ(yaml::to_yaml(parsed_or_fail(text)),
            "name: orders\ngrain:\n- id\ncolumns:\n- name: id\n  type: number\n- name: note\n  expr: 'a: b'\n"
            "joins: []\nfreshness: {}\nlimit: 10\nrate: 1.5\nhidden: true\nnothing: null\n");
}

TEST(YamlEmitter, TextThatLooksLikeSomethingElseIsQuoted) {
  for (const char* text : {"", "~", "null", "true", "12", "1.5", "1e3", "0x1F", ".5", "yes", "No", "ON", "y",
                           "2024-01-01", "12:30", "=", "<<", "-", "+1"}) {
    yaml::Node root = yaml::Node::mapping({});
    root.set("value", yaml::Node::string(text, {}));
    EXPECT_EQ(yaml::to_yaml(root), "value: '" + std::string(text) + "'\n");
  }
}

TEST(YamlEmitter, LinesAreALiteralBlock) {
  yaml::Node root = yaml::Node::mapping({});
  root.set("sql", yaml::Node::string("SELECT *\n  FROM t -- c: d\n", {}));
  EXPECT_EQ(yaml::to_yaml(root), "sql: |\n  SELECT *\n    FROM t -- c: d\n");
}

TEST(YamlEmitter, AMergeKeyThatIsNoneStaysAKey) {
  yaml::Node root = yaml::Node::mapping({});
  root.set("<<", yaml::Node::string("x", {}));
  EXPECT_EQ(json_text_of(parsed_or_fail(yaml::to_yaml(root))), R"({"<<":"x"})");
}

/// Text of the characters at which YAML writers err.
std::string hostile_text(std::mt19937& random) {
  static const std::vector<std::string> parts = {" ",
                                                 "\n",
                                                 "\t",
                                                 "#",
                                                 ": ",
                                                 "- ",
                                                 "'",
                                                 "\"",
                                                 "\\",
                                                 "|",
                                                 ">",
                                                 "&a",
                                                 "*a",
                                                 "!x",
                                                 "%",
                                                 "@",
                                                 "`",
                                                 "{",
                                                 "}",
                                                 "[",
                                                 "]",
                                                 ",",
                                                 "?",
                                                 "a",
                                                 "0",
                                                 "é",
                                                 "日本",
                                                 "🙂",
                                                 "\r",
                                                 "\xC2\x85",
                                                 "\x7F",
                                                 "\x1",
                                                 "---",
                                                 "...",
                                                 "\xE2\x80\xA8",
                                                 "\xEF\xBB\xBF",
                                                 "null",
                                                 "~",
                                                 "\n\n",
                                                 "word word"};
  std::string text;
  const auto count = random() % 6;
  for (std::size_t i = 0; i < count; ++i) text += parts[random() % parts.size()];
  return text;
}

yaml::Node random_value(std::mt19937& random, int depth) {
  const auto kind = depth > 3 ? 0 : random() % 4;
  if (kind == 2) {
    yaml::Node list = yaml::Node::sequence({});
    for (auto i = random() % 4; i > 0; --i) list.items.push_back(random_value(random, depth + 1));
    return list;
  }
  if (kind == 3) {
    yaml::Node mapping = yaml::Node::mapping({});
    for (auto i = random() % 4; i > 0; --i)
      mapping.set(hostile_text(random), random_value(random, depth + 1));
    return mapping;
  }
  return yaml::Node::string(hostile_text(random), {});
}

TEST(YamlEmitter, EveryValueIsReadAsItWasWritten) {
  std::mt19937 random(20260511);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same texts each time
  for (int i = 0; i < 20'000; ++i) {
    const yaml::Node value = random_value(random, 0);
    const std::string text = yaml::to_yaml(value);
    ASSERT_EQ(json_text_of(parsed_or_fail(text)), json_text_of(value)) << "written as:\n" << text;
  }
}

}  // namespace
}  // namespace ktx::project
