#include "ktx/mcp/message.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ktx/mcp/rpc.hpp"

namespace ktx::mcp {
namespace {

std::vector<std::string> lines_of(const std::vector<std::string>& pieces) {
  std::vector<std::string> found;
  const auto take = [&](const std::string& line) { found.push_back(line); };
  Lines lines;
  for (const std::string& piece : pieces) lines.add(piece, take);
  lines.finish(take);
  return found;
}

std::string refusal_of(const std::string& text) {
  try {
    read_message(text);
  } catch (const RpcFailure& failure) {
    EXPECT_EQ(failure.code, RpcError::parse_error);
    return failure.message;
  }
  return "accepted";
}

TEST(Lines, AreTheSameHoweverTheirBytesCome) {
  const std::string text = "{\"a\":1}\r\n\n\r\n{\"b\":2}\nlast";
  const std::vector<std::string> expected = {"{\"a\":1}", "{\"b\":2}", "last"};
  for (std::size_t first = 0; first <= text.size(); ++first) {
    for (std::size_t second = first; second <= text.size(); ++second) {
      EXPECT_EQ(lines_of({text.substr(0, first), text.substr(first, second - first), text.substr(second)}),
                expected);
    }
  }
}

TEST(Lines, OfAnyLengthTakeNoMoreMemoryThanALongestMessage) {
  std::vector<std::string> found;
  const auto take = [&](const std::string& line) { found.push_back(line); };
  Lines lines;
  const std::string piece(1 << 20, 'x');
  for (int i = 0; i < 40; ++i) lines.add(piece, take);
  lines.add("\n{}\n", take);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_LE(found[0].size(), longest_message + 2);
  EXPECT_NE(refusal_of(found[0]).find("longer than 16 MiB"), std::string::npos);
  EXPECT_EQ(found[1], "{}");
}

TEST(Message, OfTheGreatestLengthIsRead) {
  const std::string wrapped = "{\"a\":\"" + std::string(longest_message - 8, 'x') + "\"}";
  ASSERT_EQ(wrapped.size(), longest_message);
  EXPECT_EQ(read_message(wrapped).at("a").get<std::string>().size(), longest_message - 8);
  // With a CR before its line break, too.
  EXPECT_EQ(lines_of({wrapped + "\r\n"}).at(0).size(), longest_message);
}

TEST(Message, ThatIsNotJsonIsRefused) {
  for (const std::string text : {"x", "{", "{\"a\":}", "\"\xff\"", "{} {}", "[1e999]"})
    EXPECT_NE(refusal_of(text).find("is not valid JSON"), std::string::npos) << text;
}

TEST(Message, ThatIsNestedTooDeepIsRefusedBeforeItIsRead) {
  const std::size_t deep = 1'000'000;
  EXPECT_NE(refusal_of(std::string(deep, '[')).find("nested deeper"), std::string::npos);
  EXPECT_NE(refusal_of(std::string(deep, '[') + std::string(deep, ']')).find("nested deeper"),
            std::string::npos);
  EXPECT_EQ(refusal_of(std::string(200, '[') + std::string(200, ']')), "accepted");
  EXPECT_EQ(refusal_of("\"" + std::string(deep, '[') + "\\\"\""), "accepted");
}

}  // namespace
}  // namespace ktx::mcp
