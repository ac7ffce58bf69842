// An entry in JSON with comments: written into it, changed, and taken out again.

#include <gtest/gtest.h>

#include "ktx/settings/entry.hpp"
#include "ktx/util/error.hpp"

namespace ktx::settings::json_test {
namespace {

const EntryPath path = {Format::json, {"mcpServers", "ktx"}};
const EntryPath deep = {Format::json, {"mcp", "servers", "ktx"}};
const EntryFields fields = {Json{{"command", "ktx"}, {"args", {"mcp", "stdio"}}}};

std::string with(std::string_view text, const EntryPath& at = path) {
  return with_entry(text, "f.json", at, fields);
}
std::string without(std::string_view text, const EntryPath& at = path) {
  return without_entry(text, "f.json", at);
}

std::string fault_of(std::string_view text) {
  try {
    with(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::io);
    return error.message();
  }
  return "no error";
}

TEST(JsonEntry, IsAFileOfItsOwnWhereThereIsNone) {
  const std::string text =
      "{\n  \"mcpServers\": {\n    \"ktx\": {\n      \"command\": \"ktx\",\n      \"args\": [\"mcp\", "
      "\"stdio\"]\n    }\n  }\n}\n";
  EXPECT_EQ(with(""), text);
  EXPECT_EQ(without(text), "");
  EXPECT_EQ(entry_alone(path, fields), text);
}

TEST(JsonEntry, StandsBehindTheLastMemberInTheLayoutOfTheFile) {
  const std::string before =
      "{\r\n\t// mine\r\n\t\"mcpServers\": {\r\n\t\t\"a\": {\"command\": \"a\"}, // last\r\n\t},\r\n}";
  const std::string after =
      "{\r\n\t// mine\r\n\t\"mcpServers\": {\r\n\t\t\"a\": {\"command\": \"a\"}, // last\r\n"
      "\t\t\"ktx\": {\r\n\t\t\t\"command\": \"ktx\",\r\n\t\t\t\"args\": [\"mcp\", "
      "\"stdio\"]\r\n\t\t},\r\n\t},\r\n}";
  EXPECT_EQ(with(before), after);
  EXPECT_EQ(without(after), before);
}

TEST(JsonEntry, LeavesATextAsItWasWhenItIsTakenOut) {
  for (const char* text : {
           "{}",
           "{ }",
           "{\n}",
           "{\n}\n",
           "{ /* none */ }",
           "{ // none\n}",
           "{\"a\": 1}",
           "{ \"a\": 1 }",
           "{\"a\": 1,}",
           "{\n  \"a\": 1\n}",
           "{\n  \"a\": 1,\n}",
           "{\n  \"a\": 1 // x\n}",
           "{\n  \"a\": 1, // x\n}",
           "{\n  \"a\": 1 /* x */ , /* y */ // z\n\n  // more\n}",
           "{ \"a\": 1,\n  \"b\": 2 }",
           "{\"mcpServers\": {}}",
           "{\n  \"mcpServers\": {}\n}\n",
           "{\n  \"mcpServers\": { }\n}\n",
           "{\n  \"mcpServers\": {\n  }\n}\n",
           "{\n  \"mcpServers\": {\n    // none yet\n  },\n  \"z\": [1, {\"}\": \"{\"}]\n}\n",
           "\xEF\xBB\xBF{\"a\": 1}\r\n",
           "\xEF\xBB\xBF",
           "",
           "\n",
           "// only a comment",
           "// only a comment\n",
           "{\"mcp\": {}}",
           "{\"mcp\": {\"servers\": {}}}",
           "{\n  \"mcp\": {\n    \"servers\": {\n    }\n  }\n}",
           "{\"a\": 1 // x\n}",
           "{\n  \"a\": 1 /* two\n lines */\n}",
           "{\"mcp\": { \"servers\": {} }}",
           "{\"mcp\": { \"x\": 1 }}",
           "{\n\t\"mcp\": {\n\t\t\"x\": {}\n\t}\n}",
       }) {
    for (const EntryPath& at : {path, deep}) {
      const std::string added = with(text, at);
      EXPECT_EQ(find_entry(added, "f", at), std::optional(fields.always)) << text;
      EXPECT_EQ(with(added, at), added) << text;
      EXPECT_EQ(without(added, at), text) << added;
    }
  }
}

TEST(JsonEntry, ChangesOnlyTheFieldsThatDiffer) {
  const std::string text =
      "{\"mcpServers\": {\"ktx\": {\"command\": \"old\", /* why */ \"env\": {\"A\": \"b\"}, \"args\": "
      "[\n\"mcp\", \"stdio\"]}, \"b\": 1}}";
  EXPECT_EQ(with(text),
            "{\"mcpServers\": {\"ktx\": {\"command\": \"ktx\", /* why */ \"env\": {\"A\": \"b\"}, \"args\": "
            "[\n\"mcp\", \"stdio\"]}, \"b\": 1}}");
  EXPECT_EQ(with("{\"mcpServers\": {\"ktx\": {\"command\": \"ktx\"}}}"),
            "{\"mcpServers\": {\"ktx\": {\"command\": \"ktx\", \"args\": [\"mcp\", \"stdio\"]}}}");
  EXPECT_EQ(with("{\"mcpServers\": {\"ktx\": {\"url\": \"http://x\"}}}"),
            "{\"mcpServers\": {\"ktx\": {\"command\": \"ktx\", \"args\": [\"mcp\", \"stdio\"]}}}");
}

TEST(JsonEntry, KeepsWhatIsOnlyWrittenAtFirst) {
  const EntryFields local = {Json{{"command", "ktx"}}, Json{{"enabled", true}}};
  const std::string fresh = with_entry("{}", "f", path, local);
  EXPECT_EQ(fresh, "{\"mcpServers\": { \"ktx\": {\"command\": \"ktx\", \"enabled\": true} }}");
  const std::string off = "{\"mcpServers\": { \"ktx\": {\"command\": \"x\", \"enabled\": false} }}";
  EXPECT_EQ(with_entry(off, "f", path, local),
            "{\"mcpServers\": { \"ktx\": {\"command\": \"ktx\", \"enabled\": false} }}");
}

TEST(JsonEntry, IsTakenOutOfTheMiddle) {
  EXPECT_EQ(without("{\n  \"mcpServers\": {\n    \"ktx\": {},\n    \"b\": 1\n  }\n}"),
            "{\n  \"mcpServers\": {\n    \"b\": 1\n  }\n}");
  EXPECT_EQ(without("{\"mcpServers\": {\"ktx\": {}, \"b\": 1}}"), "{\"mcpServers\": { \"b\": 1}}");
  EXPECT_EQ(without("{\"mcpServers\": {\"a\": 1, // x\n \"ktx\": {}, \"b\": 1}}"),
            "{\"mcpServers\": {\"a\": 1, // x\n  \"b\": 1}}");
  EXPECT_EQ(without("{\"a\": 1}"), "{\"a\": 1}");
}

TEST(JsonEntry, SaysWhereATextIsNotUnderstood) {
  EXPECT_TRUE(fault_of("{\n  \"a\": 1\n  \"b\": 2\n}")
                  .starts_with("f.json:3:5: this is not JSON (while parsing object"));
  EXPECT_TRUE(fault_of("{\"a\": ").starts_with("f.json:1:7: this is not JSON"));
  EXPECT_EQ(fault_of("{} /* x"), "f.json:1:4: this comment is not closed");
  EXPECT_EQ(fault_of("\xEF\xBB\xBF[1]"), "f.json:1:1: an object in { } was expected here");
  EXPECT_EQ(fault_of("{\"mcpServers\": []}"), "f.json:1:16: \"mcpServers\" should be an object in { }");
  EXPECT_EQ(fault_of("{\"mcpServers\": {}, \"mcpServers\": {}}"),
            "f.json:1:2: the key \"mcpServers\" is in this object twice");
  EXPECT_EQ(fault_of("{}\r"), "f.json:1:3: this line ends with a CR alone");
  EXPECT_NE(fault_of("{\"a\": 1,,}"), "no error");
  EXPECT_NE(fault_of("{,}"), "no error");
  EXPECT_NE(fault_of(std::string("{\"a\": \"\xFF\"}")), "no error");
  EXPECT_NE(fault_of(std::string("{\0}", 3)), "no error");
}

TEST(JsonEntry, IsShownWithoutTheSecretsOfOthers) {
  EXPECT_EQ(without_secrets("{\"a\": [\"x\", 1], \"mcpServers\": {\"ktx\": {\"command\": \"ktx\", \"env\": "
                            "{\"K\": \"s\"}}, \"b\": \"y\"}}",
                            "f", path),
            "{\"a\": [\"…\", 1], \"mcpServers\": {\"ktx\": {\"command\": \"ktx\", \"env\": {\"K\": \"…\"}}, "
            "\"b\": \"…\"}}");
}

}  // namespace
}  // namespace ktx::settings::json_test
