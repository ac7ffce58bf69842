#include <gtest/gtest.h>

#include <string>

#include "ktx/yaml/document.hpp"

namespace ktx::project {
namespace {

yaml::Node read(std::string_view text) {
  auto result = yaml::parse(text);
  if (const auto* fault = std::get_if<yaml::Fault>(&result)) {
    ADD_FAILURE() << fault->mark.line << ":" << fault->mark.column << ": " << fault->message;
    return {};
  }
  return std::get<yaml::Node>(std::move(result));
}

/// "line:column: message" of the fault, or "no fault".
std::string fault_of(std::string_view text) {
  const auto result = yaml::parse(text);
  const auto* fault = std::get_if<yaml::Fault>(&result);
  if (fault == nullptr) return "no fault";
  return std::to_string(fault->mark.line) + ":" + std::to_string(fault->mark.column) + ": " + fault->message;
}

std::string place(const yaml::Mark& mark) {
  return std::to_string(mark.line) + ":" + std::to_string(mark.column);
}

TEST(YamlDocument, EveryKeyAndValueKnowsItsPlace) {
  const yaml::Node root = read("# models\nname: orders\ncolumns:\n  - name: id\n    type: number\n");
  EXPECT_EQ(place(root.mark), "2:1");
  EXPECT_EQ(place(root.members[1].mark), "3:1");
  const yaml::Node& column = root.find("columns")->items[0];
  EXPECT_EQ(place(column.mark), "4:5");
  EXPECT_EQ(place(column.members[1].mark), "5:5");
  EXPECT_EQ(place(column.find("type")->mark), "5:11");
}

TEST(YamlDocument, ColumnsCountCharacters) {
  EXPECT_EQ(place(read("{äöü: €, b: c}").members[1].mark), "1:10");
}

TEST(YamlDocument, ByteOrderMarkAndCarriageReturnsDoNotShiftPlaces) {
  const yaml::Node root = read("\xEF\xBB\xBFname: a\r\ntable: b\r\n");
  EXPECT_EQ(place(root.mark), "1:1");
  EXPECT_EQ(place(root.members[1].mark), "2:1");
  EXPECT_EQ(root.find("table")->text, "b");
}

TEST(YamlDocument, PlainScalarsHaveTheTypesOfTheCoreSchema) {
  const yaml::Node root = read(
      "[yes, on, off, n, true, FALSE, ~, null, 12, -3, 0o17, 0x1F, 010, 1.5, 1e3, .5, 1., 1_000, 12:30, "
      "2024-01-01, .inf, 0x-1, +-1, 99999999999999999999]");
  using enum yaml::Kind;
  const std::vector<yaml::Kind> expected = {
      string,  string, string, string, boolean, boolean, null,   null,   integer, integer, integer, integer,
      integer, real,   real,   real,   real,    string,  string, string, string,  string,  string,  real};
  ASSERT_EQ(root.items.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(root.items[i].kind, expected[i]) << i << " " << root.items[i].text;
  }
  EXPECT_EQ(root.items[10].integer(), 15);
  EXPECT_EQ(root.items[11].integer(), 31);
  EXPECT_EQ(root.items[12].integer(), 10);
  EXPECT_EQ(root.items[9].integer(), -3);
  EXPECT_TRUE(root.items[4].boolean());
  EXPECT_FALSE(root.items[5].boolean());
  EXPECT_EQ(root.items[14].real(), 1000.0);
}

TEST(YamlDocument, QuotedAndBlockScalarsAreText) {
  const yaml::Node root = read("a: \"12\"\nb: 'true'\nc: |\n  1\nd: !!str 5\n");
  for (const yaml::Member& member : root.members)
    EXPECT_EQ(member.value.kind, yaml::Kind::string) << member.key;
  EXPECT_EQ(root.find("c")->text, "1\n");
}

TEST(YamlDocument, KeysAreText) {
  const yaml::Node root = read("on: 1\n2: two\ntrue: three\n");
  EXPECT_NE(root.find("on"), nullptr);
  EXPECT_NE(root.find("2"), nullptr);
  EXPECT_NE(root.find("true"), nullptr);
  EXPECT_EQ(fault_of("? [a, b]\n: c\n"), "1:3: a key must be text, not a list");
}

TEST(YamlDocument, AliasesAndMergeKeysAreExpanded) {
  const yaml::Node root = read("base: &b {type: number, role: default}\nid:\n  <<: *b\n  type: string\n");
  EXPECT_EQ(root.find("id")->find("type")->text, "string");
  EXPECT_EQ(root.find("id")->find("role")->text, "default");
  const yaml::Node several = read("- &a {x: 1}\n- &b {x: 2, y: 3}\n- {<<: [*a, *b]}\n");
  EXPECT_EQ(several.items[2].find("x")->integer(), 1);
  EXPECT_EQ(several.items[2].find("y")->integer(), 3);
  EXPECT_NE(read("'<<': 1\n").find("<<"), nullptr);
}

TEST(YamlDocument, ByteOrderMarksAtItsBeginAreNoPartOfIt) {
  EXPECT_NE(read("\uFEFFa: 1\n").find("a"), nullptr);
  EXPECT_NE(read("\uFEFF\uFEFF\uFEFF---\na: 1\n").find("a"), nullptr);
}

TEST(YamlDocument, AnEmptyTextIsNull) {
  EXPECT_TRUE(read("").is(yaml::Kind::null));
  EXPECT_TRUE(read("# nothing\n").is(yaml::Kind::null));
  EXPECT_TRUE(read("---\n").is(yaml::Kind::null));
}

struct BadText {
  const char* name;
  std::string text;
  const char* fault;
};

class YamlFaults : public testing::TestWithParam<BadText> {};

TEST_P(YamlFaults, AreReportedWhereTheyAre) { EXPECT_EQ(fault_of(GetParam().text), GetParam().fault); }

std::string bomb() {
  std::string text = "a: &a [x, x, x, x, x, x, x, x, x, x]\n";
  for (char name = 'b'; name < 'k'; ++name) {
    const std::string before = std::string("*") + static_cast<char>(name - 1);
    text += std::string(1, name) + ": &" + name + " [" + before;
    for (int i = 0; i < 9; ++i) text += ", " + before;
    text += "]\n";
  }
  return text;
}

INSTANTIATE_TEST_SUITE_P(
    , YamlFaults,
    testing::Values(
        BadText{"Tab", "a:\n\tb: 1\n", "2:1: a tab cannot indent YAML"},
        BadText{"OpenQuote", "name: x\ntable: \"orders\nother: 1\n",
                "2:8: the quoted text that begins here is never closed"},
        BadText{"OpenList", "grain: [id\ncolumns: []\n",
                "2:8: did not find expected ',' or ']' while parsing a flow sequence that begins in line 1"},
        BadText{"DuplicateKey", "name: a\ntable: t\nname: b\n", "3:1: the key \"name\" is already in line 1"},
        BadText{"SecondDocument", "a: 1\n---\nb: 2\n", "2:1: a second document begins here"},
        BadText{"NotUtf8", "a: 1\nb: \xC3\x28\n", "2:4: the text is not UTF-8"},
        BadText{"Surrogate", "a: \xED\xA0\x80\n", "1:4: the text is not UTF-8"},
        BadText{"Utf16",
                std::string("\xFF\xFE"
                            "a\0",
                            4),
                "1:1: the text is not UTF-8"},
        BadText{"ControlCharacter", "a: \x01\n",
                "1:4: the text cannot be read: control characters are not allowed"},
        BadText{"UnknownAlias", "a: *nowhere\n", "1:4: the alias *nowhere has no finished anchor before it"},
        BadText{"RecursiveAlias", "a: &a [*a]\n", "1:8: the alias *a has no finished anchor before it"},
        BadText{"AliasBomb", bomb(), "6:32: the aliases expand to too many values"},
        BadText{"MergeOfText", "a: {<<: text}\n",
                "1:9: the merge key << takes a mapping or a list of mappings"},
        BadText{"TwoMergeKeys", "a: &a {x: 1}\nb:\n  <<: *a\n  <<: *a\n",
                "4:3: a second merge key << in one mapping"},
        BadText{"UnknownTag", "a: !!binary aGk=\n",
                "1:4: the tag tag:yaml.org,2002:binary is not supported here"},
        BadText{"WrongTag", "a: !!int text\n", "1:4: the tag tag:yaml.org,2002:int is not supported here"},
        BadText{"ColonInValue", "expr: case: 1\n", "1:11: a ':' stands where no key can be"},
        BadText{"Conflict", "name: x\n<<<<<<< HEAD\ntable: a\n=======\ntable: b\n>>>>>>> theirs\n",
                "2:1: git left a conflict here: both sides of a merge stand in the file"},
        BadText{"NoBreakSpace", "a:\n\u00A0\u00A0b: 1\n\u00A0\u00A0c: 2\n",
                "2:1: a no-break space (U+00A0) stands where YAML takes only a space"},
        BadText{"NoBreakSpaceBehindColon", "a:\u00A0x\nb: 1\n",
                "1:3: a no-break space (U+00A0) stands where YAML takes only a space"},
        BadText{"ByteOrderMarkInside", "a: 1\n\uFEFFb: 1\n",
                "2:1: a byte order mark (U+FEFF) stands where YAML takes only a space"},
        BadText{"Emphasis", "a: *important*\n",
                "1:4: a value that begins with * is a reference, and this names nothing"},
        BadText{"Ampersand", "a: & more\n",
                "1:4: a value that begins with & is a reference, and this names nothing"},
        BadText{"QuoteInQuotes", "a: \"he said \"hi\" there\"\n",
                "1:14: words follow a quoted text that has ended"},
        BadText{"QuotedWord", "- 'a' or b\n", "1:7: words follow a quoted text that has ended"},
        BadText{"BracketsFirst", "a: [draft] do not use\n",
                "1:12: words follow a list or mapping that has ended"},
        BadText{"At", "name: @orders\n", "1:7: no value can begin with '@'"},
        BadText{"TooDeep", std::string(80, '[') + std::string(80, ']'),
                "1:66: nested more than 64 levels deep"},
        BadText{"BadIndent", "a: 1\n b: 2\n", "2:3: a ':' stands where no key can be"}),
    [](const auto& bad) { return bad.param.name; });

TEST(YamlDocument, RefusesAFileBeyondTheSizeLimit) {
  EXPECT_EQ(fault_of(std::string((64UL << 20U) + 1, '#')), "1:1: the file is larger than 64 MiB");
}

}  // namespace
}  // namespace ktx::project
