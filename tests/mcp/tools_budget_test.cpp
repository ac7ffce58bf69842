#include <gtest/gtest.h>

#include <random>
#include <string>

#include "ktx/mcp/budget.hpp"
#include "ktx/mcp/cursor.hpp"
#include "ktx/util/text.hpp"
#include "tool_calls.hpp"

namespace ktx::mcp {
namespace {

using test::Joined;
using Random = std::mt19937;

std::size_t below(Random& random, std::size_t end) {
  return std::uniform_int_distribution<std::size_t>(0, end - 1)(random);
}

// Characters of one to four bytes, and those that JSON escapes.
std::string random_text(Random& random, std::size_t characters) {
  static const std::vector<std::string> letters = {"a", "ü",  "\"", "\\", "\n", "\x01",
                                                   "€", "😀", " ",  "\t", "z"};
  std::string text;
  for (std::size_t i = 0; i < characters; ++i) text += letters[below(random, letters.size())];
  return text;
}

Json random_item(Random& random) {
  switch (below(random, 5)) {
    case 0: return below(random, 1'000'000);
    case 1: return random_text(random, below(random, 40));
    case 2: return Json::array({nullptr, true, 0.1, random_text(random, 5)});
    case 3: return {{"name", random_text(random, 10)}, {"values", Json::array({1, 2, 3})}};
    default: return {{"long", random_text(random, below(random, 3000))}};
  }
}

Answer random_answer(Random& random) {
  Answer answer;
  answer.head = {{"connectionId", "shop"}, {"row_count", below(random, 9999)}, {"trust", "data"}};
  const std::size_t parts = below(random, 5);
  for (std::size_t i = 0; i < parts; ++i) {
    const std::string number = std::to_string(i);
    if (below(random, 2) == 0) {
      answer.parts.push_back({"text" + number, random_text(random, below(random, 4000))});
      continue;
    }
    Json items = Json::array();
    for (std::size_t count = below(random, 60); count > 0; --count) items.push_back(random_item(random));
    answer.parts.push_back({"list" + number, std::move(items)});
  }
  return answer;
}

std::string cursor_text(const Position& at) { return text_of({"01234567", "0123456789abcdef0123", at}); }

// Follows the cursors as a client does, and returns what all pages say.
Json followed(const Answer& answer, std::size_t max_bytes) {
  const CursorWriter write = cursor_text;
  Joined joined;
  joined.text_parts.clear();
  for (const Part& part : answer.parts) {
    if (part.value.is_string()) joined.text_parts.push_back(part.name);
  }
  Position at;
  while (true) {
    const Page page = page_of(answer, at, max_bytes, write);
    EXPECT_LE(compact_json(page.structured).size(), max_bytes);
    joined.add(page.structured);
    EXPECT_EQ(page.next.has_value(), page.structured.contains("cut"));
    if (!page.next) return joined.whole;
    EXPECT_NE(*page.next, at) << "no progress";
    if (*page.next == at) return joined.whole;
    const auto cursor = cursor_in(page.structured.at("cut").at("next_cursor").get<std::string>());
    if (!cursor) {
      ADD_FAILURE() << "not a cursor";
      return joined.whole;
    }
    at = cursor->at;
  }
}

Json whole_of(const Answer& answer) {
  Json whole = answer.head;
  for (const Part& part : answer.parts) whole[part.name] = part.value;
  return whole;
}

TEST(ToolBudget, FollowingTheCursorsGivesExactlyTheWhole) {
  Random random(20261130);
  for (int round = 0; round < 300; ++round) {
    const Answer answer = random_answer(random);
    const std::size_t tokens = least_max_tokens + below(random, 2000);
    ASSERT_EQ(followed(answer, tokens * bytes_per_token), whole_of(answer)) << "round " << round;
  }
}

TEST(ToolBudget, WhatFitsIsNotCut) {
  Answer answer;
  answer.head = {{"a", 1}};
  answer.parts = {{"rows", Json::array({Json::array({1, "x"})})}, {"text", "two\nlines"}};
  const Page page = page_of(answer, {}, 600, [](const Position&) { return std::string("c"); });
  EXPECT_EQ(compact_json(page.structured), R"({"a":1,"rows":[[1,"x"]],"text":"two\nlines"})");
  EXPECT_FALSE(page.next);
}

TEST(ToolBudget, ACutSaysRuleShownTotalAndHowToGoOn) {
  Answer answer;
  answer.parts = {{"rows", Json::array()}};
  for (int i = 0; i < 500; ++i) answer.parts[0].value.push_back(Json::array({i, "abc"}));
  const Page page = page_of(answer, {}, 600, [](const Position&) { return std::string("next"); });
  const Json& cut = page.structured.at("cut");
  EXPECT_EQ(cut.at("rule"), "max_tokens");
  EXPECT_EQ(cut.at("part"), "rows");
  EXPECT_EQ(cut.at("unit"), "items");
  EXPECT_EQ(cut.at("shown").get<std::size_t>(), page.structured.at("rows").size());
  EXPECT_EQ(cut.at("total"), 500);
  EXPECT_EQ(cut.at("next_cursor"), "next");
  EXPECT_GT(page.structured.at("rows").size(), 20U);
}

TEST(ToolBudget, TextsAreCutBetweenCharactersAndRatherBetweenLines) {
  EXPECT_EQ(fitting_text("aaa\nbbb\ncc", 9), "aaa\n");  // the line break counts twice
  EXPECT_EQ(fitting_text("aaa\nbbb\ncc", 10), "aaa\nbbb\n");
  EXPECT_EQ(fitting_text("üüü", 5), "üü");
  EXPECT_EQ(fitting_text("abc", 3), "abc");
  EXPECT_EQ(fitting_text("\x01\x01", 11), "\x01");
}

TEST(ToolBudget, AHeadOfAbsurdLengthIsShortened) {
  Answer answer;
  answer.head = {{"name", std::string(5000, 'n')}};
  answer.parts = {{"text", std::string(3000, 't')}};
  const Page page = page_of(answer, {}, 600, cursor_text);
  EXPECT_LE(compact_json(page.structured).size(), 600U);
  EXPECT_TRUE(page.next);
}

TEST(ToolCursor, IsReadAsItWasWritten) {
  const Cursor cursor{"0123abcd", "0123456789abcdef0123", {2, 340, 17}};
  const auto read = cursor_in(text_of(cursor));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->call, cursor.call);
  EXPECT_EQ(read->answer, cursor.answer);
  EXPECT_EQ(read->at, cursor.at);
  for (const char* wrong :
       {"", "ktx1", "ktx1.0123abcd.0123456789abcdef0123.2.340", "ktx1.x.y.1.2.3",
        "ktx1.0123abcd.0123456789abcdef0123.2.340.-1", "ktx1.0123abcd.0123456789abcdef0123.2.340.17.0",
        "ktx2.0123abcd.0123456789abcdef0123.2.340.17"}) {
    EXPECT_FALSE(cursor_in(wrong)) << wrong;
  }
}

TEST(ToolCursor, BelongsToACallWhateverTheOrderOfItsArguments) {
  const Json one = {{"a", 1}, {"b", {{"c", 2}, {"d", 3}}}, {"max_tokens", 200}};
  const Json other = {{"cursor", "x"}, {"b", {{"d", 3}, {"c", 2}}}, {"a", 1}};
  EXPECT_EQ(call_digest("t", one), call_digest("t", other));
  EXPECT_NE(call_digest("t", one), call_digest("u", one));
  EXPECT_NE(call_digest("t", one), call_digest("t", {{"a", 2}}));
}

}  // namespace
}  // namespace ktx::mcp
