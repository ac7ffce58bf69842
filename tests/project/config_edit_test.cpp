#include "ktx/project/config_edit.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <sstream>

#include "expect_error.hpp"
#include "ktx/yaml/document.hpp"
#include "ktx/yaml/node.hpp"

namespace ktx::project {
namespace {

using EditPath = std::vector<std::string>;

const Json sqlite_connection = {{"driver", "sqlite"}, {"path", "shop.db"}, {"readonly", true}};

std::string set(std::string_view text, const EditPath& path, const Json& value) {
  return set_config_value(text, "ktx.yaml", path, value);
}

std::string without(std::string_view text, const EditPath& path) {
  return remove_config_value(text, "ktx.yaml", path);
}

Json json_of(std::string_view text) {
  const auto document = yaml::parse(text);
  if (!std::holds_alternative<yaml::Node>(document)) return "not YAML";
  std::string json;
  append_json(json, std::get<yaml::Node>(document));
  return Json::parse(json);
}

TEST(ConfigEdit, ReplacesAScalarAndNothingElse) {
  EXPECT_EQ(set("# top\nproject: shop   # the name\n\nllm:\n  x: 'a'\n", {"project"}, "other"),
            "# top\nproject: other   # the name\n\nllm:\n  x: 'a'\n");
  EXPECT_EQ(set("a: \"one\" # c\nb: 2\n", {"a"}, 1), "a: 1 # c\nb: 2\n");
  EXPECT_EQ(set("a: >\n  folded\n  text\nb: 2\n", {"a"}, "x"), "a: x\nb: 2\n");
  EXPECT_EQ(set("a:\n  long\n  plain\nb: 2\n", {"a"}, "x"), "a: x\nb: 2\n");
  EXPECT_EQ(set("a: # why\nb: 2\n", {"a"}, "x"), "a: x # why\nb: 2\n");
  EXPECT_EQ(set("a:", {"a"}, "x"), "a: x");
}

TEST(ConfigEdit, KeepsAValueAsItIsWritten) {
  const std::string text = "project: \"shop\"\nlist: [1, 2]\n";
  EXPECT_EQ(set(text, {"project"}, "shop"), text);
  EXPECT_EQ(set(text, {"list"}, {1, 2}), text);
}

TEST(ConfigEdit, AddsAnEntryBehindTheLastOne) {
  const std::string text =
      "project: shop\nconnections:\n  # the warehouse\n  w:\n    driver: postgres   # 15\n    # url: x\n\n"
      "# the rest\nstorage: {}\n";
  EXPECT_EQ(
      set(text, {"connections", "shop"}, sqlite_connection),
      "project: shop\nconnections:\n  # the warehouse\n  w:\n    driver: postgres   # 15\n    # url: x\n"
      "  shop:\n    driver: sqlite\n    path: shop.db\n    readonly: true\n\n"
      "# the rest\nstorage: {}\n");
}

TEST(ConfigEdit, KeepsTheIndentationOfTheDocument) {
  EXPECT_EQ(set("connections:\n    w:\n        driver: x\n", {"connections", "v", "driver"}, "z"),
            "connections:\n    w:\n        driver: x\n    v:\n        driver: z\n");
}

TEST(ConfigEdit, MakesTheSectionsThatAreMissing) {
  EXPECT_EQ(set("project: p\n", {"connections", "a", "driver"}, "duckdb"),
            "project: p\nconnections:\n  a:\n    driver: duckdb\n");
  EXPECT_EQ(set("project: p", {"connections", "a", "driver"}, "duckdb"),
            "project: p\nconnections:\n  a:\n    driver: duckdb");
  for (const char* empty :
       {"connections:", "connections: {}", "connections: ~", "connections: null", "connections: { }"}) {
    EXPECT_EQ(set(std::string("project: p\n") + empty + "\nx: 1\n", {"connections", "a", "b", "c"}, 1),
              "project: p\nconnections:\n  a:\n    b:\n      c: 1\nx: 1\n")
        << empty;
  }
  EXPECT_EQ(set("connections: # none yet\nx: 1\n", {"connections", "a", "b"}, 1),
            "connections: # none yet\n  a:\n    b: 1\nx: 1\n");
  EXPECT_EQ(set("connections: {} # none yet\nx: 1\n", {"connections", "a", "b"}, 1),
            "connections: # none yet\n  a:\n    b: 1\nx: 1\n");
  EXPECT_EQ(set("", {"a", "b"}, 1), "a:\n  b: 1\n");
  EXPECT_EQ(set("# only words\n", {"a"}, 1), "# only words\na: 1\n");
  EXPECT_EQ(set("---\na: 1\n", {"b"}, 2), "---\na: 1\nb: 2\n");
  EXPECT_EQ(set("a: 1\n...\n", {"b"}, 2), "a: 1\nb: 2\n...\n");
}

TEST(ConfigEdit, WritesIntoBrackets) {
  EXPECT_EQ(set("c: {a: {x: 1}} # one\n", {"c", "b"}, {{"z", "env:NAME"}}),
            "c: {a: {x: 1}, b: {z: 'env:NAME'}} # one\n");
  EXPECT_EQ(set("c: {\n  a: 1, # one\n}\n", {"c", "b"}, 2), "c: {\n  a: 1, b: 2, # one\n}\n");
  EXPECT_EQ(set("c: {a: 1, b: {}}\n", {"c", "b", "x"}, 2), "c: {a: 1, b: {x: 2}}\n");
  EXPECT_EQ(set("c: {a, b: }\n", {"c", "a"}, 2), "c: {a: 2, b: }\n");
  EXPECT_EQ(set("c: {a, b: }\n", {"c", "b"}, 2), "c: {a, b: 2}\n");
  EXPECT_EQ(set("{\"project\": \"p\"}", {"connections", "x"}, Json::object()),
            "{\"project\": \"p\", connections: {x: {}}}");
  EXPECT_EQ(set("c: { # nothing\n}\n", {"c", "b"}, 2), "c: { # nothing\nb: 2}\n");
}

TEST(ConfigEdit, PutsABlockInThePlaceOfAValueAndBack) {
  const Json block = {{"x", 1}};
  EXPECT_EQ(set("a: old # why\nb: 2\n", {"a"}, block), "a: # why\n  x: 1\nb: 2\n");
  EXPECT_EQ(set("a:\n  y: 3\n  z: 4\nb: 2\n", {"a"}, block), "a:\n  x: 1\nb: 2\n");
  EXPECT_EQ(set("a: |\n  text\nb: 2\n", {"a"}, block), "a:\n  x: 1\nb: 2\n");
  EXPECT_EQ(set("a: # why\n  y: 3\nb: 2\n", {"a"}, 1), "a: 1 # why\nb: 2\n");
  EXPECT_EQ(set("a:\n- 1\n- 2\nb: 2\n", {"a"}, {"p", "q"}), "a: [p, q]\nb: 2\n");
  EXPECT_EQ(set("a: 1\nb: 2\n", {"a"}, Json::parse(R"([{"k": 1}, {"k": 2}])")), "a:\n- k: 1\n- k: 2\nb: 2\n");
}

TEST(ConfigEdit, KeepsLineBreaksMarksAndTabs) {
  EXPECT_EQ(set("project: p\r\nc:\r\n  a: 1\r\n", {"c", "b", "d"}, 2),
            "project: p\r\nc:\r\n  a: 1\r\n  b:\r\n    d: 2\r\n");
  EXPECT_EQ(set("project: p\r\nc: 1", {"b"}, 2), "project: p\r\nc: 1\r\nb: 2");
  EXPECT_EQ(set("\xEF\xBB\xBF"
                "a: 1\n",
                {"b"}, 2),
            "\xEF\xBB\xBF"
            "a: 1\nb: 2\n");
  EXPECT_EQ(set("a:\t1\t# tab\nb: 2\n", {"a"}, 3), "a:\t3\t# tab\nb: 2\n");
  EXPECT_EQ(without("a:\t1\t# tab\r\nb: 2\r\n", {"a"}), "b: 2\r\n");
}

TEST(ConfigEdit, CountsCharactersThatAreNotAscii) {
  EXPECT_EQ(set("# žluťoučký 🐎\nproject: \"kůň 🐎\" # ě\n'clé é': {a: ü}\n", {"clé é", "a"}, "日本"),
            "# žluťoučký 🐎\nproject: \"kůň 🐎\" # ě\n'clé é': {a: 日本}\n");
}

TEST(ConfigEdit, QuotesWhatWouldBeReadAsSomethingElse) {
  for (const char* text : {"",
                           "yes",
                           "Null",
                           "~",
                           "1.5",
                           "0x1F",
                           "2026-01-02",
                           "12:30",
                           "a: b",
                           "a #b",
                           " a",
                           "a ",
                           "- a",
                           "\"",
                           "'",
                           "line\nbreak",
                           "tab\t",
                           "null",
                           "true",
                           "*a",
                           "&a",
                           "!a",
                           "%a",
                           "@a",
                           "{a}",
                           "[a]",
                           "a,b",
                           "#",
                           "?",
                           ":",
                           "a:",
                           "|",
                           ">",
                           "-",
                           "=",
                           "<<",
                           "\x7F",
                           "\xC2\x85",
                           "\xE2\x80\xA8",
                           "env:NAME",
                           "file:/a/b c",
                           "postgres://h:5432/db?x=1#y",
                           "\\",
                           "on"}) {
    for (const char* before : {"a: 1\nb: 2\n", "a: {b: 1}\nb: 2\n"}) {
      const Json expected = {{"a", text}, {"b", 2}};
      EXPECT_EQ(json_of(set(before, {"a"}, text)), expected) << text;
    }
    const std::string flow = set("a: {b: 1}\n", {"a", text[0] == '\0' ? "c" : text}, text);
    EXPECT_EQ(json_of(flow)["a"][text[0] == '\0' ? "c" : text], text) << flow;
  }
  EXPECT_EQ(set("a: 1\n", {"a"}, "env:NAME"), "a: env:NAME\n");
  EXPECT_EQ(set("a: 1\n", {"a"}, "data/my shop.db"), "a: data/my shop.db\n");
  const Error error = test::error_of([] { set("a: 1\n", {"a"}, "\xFF"); });
  EXPECT_EQ(error.kind(), ErrorKind::project);
}

TEST(ConfigEdit, RemovesAnEntryWithItsComments) {
  const std::string text =
      "project: p\nconnections:\n  # first\n  a:\n    driver: x\n    # url: y\n  # second\n  b: {driver: z} "
      "# b\n"
      "rest: 1\n";
  EXPECT_EQ(without(text, {"connections", "a"}),
            "project: p\nconnections:\n  # first\n  # second\n  b: {driver: z} # b\nrest: 1\n");
  EXPECT_EQ(without(text, {"connections", "b"}),
            "project: p\nconnections:\n  # first\n  a:\n    driver: x\n    # url: y\n  # second\nrest: 1\n");
  EXPECT_EQ(without(text, {"connections", "c"}), text);
  EXPECT_EQ(without(text, {"project", "deeper"}), text);
  EXPECT_EQ(
      without(text, {"connections", "b", "driver"}),
      "project: p\nconnections:\n  # first\n  a:\n    driver: x\n    # url: y\n  # second\n  b: {} # b\n"
      "rest: 1\n");
}

TEST(ConfigEdit, LeavesBracketsWhereTheLastEntryGoes) {
  EXPECT_EQ(without("p: 1\nc: # mine\n  # note\n  a:\n    x: 1\nd: 2\n", {"c", "a"}),
            "p: 1\nc: {} # mine\n  # note\nd: 2\n");
  EXPECT_EQ(without("c:\n  a: |\n    text\n", {"c", "a"}), "c: {}\n");
  EXPECT_EQ(without("c:\n  a: 1", {"c", "a"}), "c: {}");
  EXPECT_EQ(without("c: {a: 1,}\n", {"c", "a"}), "c: {}\n");
  EXPECT_EQ(without("c: {a: 1, b: 2}\n", {"c", "a"}), "c: {b: 2}\n");
  EXPECT_EQ(without("c: {a: 1, b: 2,}\n", {"c", "b"}), "c: {a: 1,}\n");
  EXPECT_EQ(without("a: 1\n", {"a"}), "");
}

TEST(ConfigEdit, RefusesWhatAnAliasOrAMergeKeyShares) {
  const std::string shared = "a: &x {k: 1}\nb: *x\nc:\n  <<: *x\n  own: 2\n";
  for (const EditPath& path : {EditPath{"a", "k"}, EditPath{"b", "k"}, EditPath{"a"}}) {
    const Error error = test::error_of([&] { set(shared, path, 5); });
    EXPECT_EQ(error.kind(), ErrorKind::project);
    EXPECT_NE(error.message().find(" cannot be changed by itself: "), std::string::npos);
    EXPECT_EQ(error.fix(), "Edit ktx.yaml by hand");
  }
  EXPECT_EQ(test::error_of([&] { without(shared, {"c", "k"}); }).kind(), ErrorKind::project);
  EXPECT_EQ(test::error_of([&] { without(shared, {"a"}); }).kind(), ErrorKind::project);
  // What only takes the alias's place, or overrides what was merged, is nobody else's.
  EXPECT_EQ(set(shared, {"b"}, 7), "a: &x {k: 1}\nb: 7\nc:\n  <<: *x\n  own: 2\n");
  EXPECT_EQ(set(shared, {"c", "k"}, 7), shared + "  k: 7\n");
  EXPECT_EQ(without(shared, {"c", "own"}), "a: &x {k: 1}\nb: *x\nc:\n  <<: *x\n");
}

TEST(ConfigEdit, SaysWhereTheTextOrThePathIsWrong) {
  EXPECT_EQ(test::error_of([] {
              set("a: 1\nconnections: [1]\n", {"connections", "x"}, 1);
            }).message(),
            "ktx.yaml:2:14: connections must be a mapping, not a list");
  EXPECT_EQ(test::error_of([] {
              set("- 1\n", {"connections", "x"}, 1);
            }).message(),
            "ktx.yaml:1:1: ktx.yaml must be a mapping, not a list");
  EXPECT_EQ(test::error_of([] { set("a: 1\na: 2\n", {"b"}, 1); }).message(),
            "ktx.yaml:2:1: the key \"a\" is already in line 1");
  EXPECT_EQ(test::error_of([] { without("a: [1\n", {"b"}); }).kind(), ErrorKind::project);
}

/// Writes random documents, with every style and much noise, together with paths that lead into them.
class RandomDocument {
 public:
  explicit RandomDocument(unsigned seed) : random_(seed) { mapping(0, {}); }

  std::string text() const { return text_.str(); }
  const std::vector<EditPath>& paths() const { return paths_; }
  unsigned pick(unsigned count) { return static_cast<unsigned>(random_() % count); }

 private:
  void noise(int indent) {
    if (pick(4) == 0) text_ << "\n";
    if (pick(4) == 0)
      text_ << std::string(static_cast<std::size_t>(indent), ' ') << "# ž note " << pick(9) << "\n";
  }

  std::string scalar() {
    constexpr std::array texts = {"plain", "'quoted: text'", "\"double \\\" 🐎\"", "12", "true", "~",
                                  "1.5",   "[1, {a: 2}]"};
    return texts[pick(texts.size())];
  }

  std::string comment() { return pick(3) == 0 ? "   # trailing ü" : ""; }

  void mapping(int indent, const EditPath& above) {
    const unsigned count = 1 + pick(4);
    for (unsigned i = 0; i < count; ++i) {
      EditPath path = above;
      path.push_back("k" + std::to_string(i));
      paths_.push_back(path);
      noise(indent);
      const std::string key = pick(3) == 0 ? "\"" + path.back() + "\"" : path.back();
      text_ << std::string(static_cast<std::size_t>(indent), ' ') << key << ":";
      value(indent, path);
    }
    noise(indent);
  }

  void value(int indent, const EditPath& path) {
    const std::string inner(static_cast<std::size_t>(indent) + 2, ' ');
    switch (indent > 6 ? pick(4) : pick(8)) {
      case 0: text_ << comment() << "\n"; break;
      case 1: text_ << " |\n" << inner << "literal\n" << inner << "  # not a comment\n"; break;
      case 2: text_ << " {}" << comment() << "\n"; break;
      case 3: text_ << " " << scalar() << comment() << "\n"; break;
      case 4: text_ << "\n" << inner << "- 1\n" << inner << "- x: {y: 1}\n"; break;
      case 5: text_ << " {a: 1, \"b\": " << scalar() << "}" << comment() << "\n"; break;
      default: text_ << comment() << "\n"; mapping(indent + 2, path);
    }
  }

  std::mt19937 random_;
  std::ostringstream text_;
  std::vector<EditPath> paths_;
};

Json& at(Json& root, const EditPath& path) {
  Json* node = &root;
  for (const std::string& key : path) node = &(*node)[key];
  return *node;
}

std::string with_crlf(const std::string& text) {
  std::string result;
  for (const char c : text) result.append(c == '\n' ? "\r\n" : std::string(1, c));
  return result;
}

std::size_t comments_in(const std::string& text) {
  std::size_t count = 0;
  for (std::size_t at = text.find("# "); at != std::string::npos; at = text.find("# ", at + 1)) ++count;
  return count;
}

class RandomConfigEdit : public testing::TestWithParam<unsigned> {};

TEST_P(RandomConfigEdit, ChangesWhatWasAskedAndNothingElse) {
  for (unsigned round = 0; round < 60; ++round) {
    RandomDocument document(GetParam() * 1000 + round);
    std::string text = document.text();
    if (document.pick(3) == 0) text = with_crlf(text);
    if (document.pick(4) == 0) {
      const std::string bare = text.substr(0, text.find_last_not_of("\r\n") + 1);
      // Without its newline, a literal at the end would be another text.
      if (!bare.ends_with("# not a comment")) text = bare;
    }
    ASSERT_NE(json_of(text), "not YAML") << text;
    for (const EditPath& path : document.paths()) {
      Json expected = json_of(text);
      // Replaced.
      const Json value = document.pick(2) == 0 ? Json("new value") : Json{{"n", {{"m", 1}}}, {"o", {1, 2}}};
      at(expected, path) = value;
      EXPECT_EQ(json_of(set(text, path, value)), expected) << text;
      // Added below: what was there stays there, byte for byte, and removing it gives the text back.
      EditPath below = path;
      below.push_back("added");
      Json before = json_of(text);
      Json& holder = at(before, path);
      if (!holder.is_object() && !holder.is_null()) continue;
      const bool had_entries = holder.is_object() && !holder.empty();
      holder["added"] = value;
      const std::string added = set(text, below, value);
      EXPECT_EQ(json_of(added), before) << text;
      EXPECT_EQ(comments_in(added), comments_in(text)) << added;
      if (!had_entries) continue;
      EXPECT_EQ(without(added, below), text) << added;
    }
  }
}

TEST_P(RandomConfigEdit, RemovesOneEntryAndNothingElse) {
  for (unsigned round = 0; round < 60; ++round) {
    RandomDocument document(GetParam() * 1000 + round);
    const std::string text = document.pick(3) == 0 ? with_crlf(document.text()) : document.text();
    for (const EditPath& path : document.paths()) {
      Json expected = json_of(text);
      at(expected, {path.begin(), path.end() - 1}).erase(path.back());
      const Json result = json_of(without(text, path));
      EXPECT_EQ(result.is_null() ? Json::object() : result, expected) << text;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomConfigEdit, testing::Range(1U, 9U));

}  // namespace
}  // namespace ktx::project
