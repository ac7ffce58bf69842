#include "ktx/util/json.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <string>

namespace ktx {
namespace {

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::asset);
    return error.message();
  }
  return "no error";
}

class JsonObjectTest : public testing::Test {
 protected:
  Json document_ =
      Json::parse(R"({"name": "a", "empty": "", "n": 3, "x": 1.5, "inner": {"list": ["b", 4]}})");
  JsonObject object_{document_, "manifest", ErrorKind::asset};
};

TEST_F(JsonObjectTest, ReadsWhatIsThere) {
  EXPECT_EQ(object_.string("name"), "a");
  EXPECT_EQ(object_.integer("n"), 3);
  EXPECT_EQ(object_.object("inner").array("list").size(), 2U);
}

TEST_F(JsonObjectTest, NeverDefaults) {
  EXPECT_EQ(message_of([&] { object_.string("other"); }), "manifest: other is missing");
  EXPECT_EQ(message_of([&] { object_.string("n"); }), "manifest: n must be a string");
  EXPECT_EQ(message_of([&] { object_.integer("x"); }), "manifest: x must be an integer");
  EXPECT_EQ(message_of([&] { object_.non_empty_string("empty"); }), "manifest: empty must not be empty");
}

TEST_F(JsonObjectTest, IntegersAreWhatTheDocumentSays) {
  const Json document = {{"most", std::numeric_limits<std::uint64_t>::max()}, {"less", -1}};
  const JsonObject object{document, "manifest", ErrorKind::asset};
  EXPECT_EQ(object.count("most"), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(message_of([&] { object.integer("most"); }), "manifest: most is too large");
  EXPECT_EQ(message_of([&] { object.count("less"); }), "manifest: less must not be negative");
  EXPECT_EQ(object_.count("n"), 3U);
}

TEST_F(JsonObjectTest, NamesTheWholePath) {
  EXPECT_EQ(message_of([&] { object_.object("inner").strings("list"); }),
            "manifest: inner.list must be an array of strings");
}

TEST(Json, ParseErrorsSayWhatWasParsed) {
  const std::string message = message_of([] { parse_json("{", "the asset manifest", ErrorKind::asset); });
  EXPECT_EQ(message.rfind("the asset manifest is not valid JSON: parse error at line 1", 0), 0U) << message;
}

TEST(Json, ANumberBeyondAllNumbersIsAParseErrorToo) {
  EXPECT_NE(
      message_of([] { parse_json("[9e9999]", "the reply", ErrorKind::asset); }).find("the reply is not"),
      std::string::npos);
}

TEST(Json, PrettyTextKeepsTheOrderOfKeys) {
  EXPECT_EQ(pretty_json(Json::parse(R"({"b":1,"a":{"c":[]}})")),
            "{\n  \"b\": 1,\n  \"a\": {\n    \"c\": []\n  }\n}\n");
}

}  // namespace
}  // namespace ktx
