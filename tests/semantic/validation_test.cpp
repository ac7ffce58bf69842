#include "ktx/semantic/validation.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ktx::semantic {
namespace {

std::optional<Place> nowhere(const std::string& /*source*/, const Json& /*path*/) { return std::nullopt; }

std::optional<Place> in_orders(const std::string& source, const Json& path) {
  if (source != "orders") return std::nullopt;
  return Place{"orders.yaml:" + compact_json(path), 3, 5};
}

std::string error_of(const std::string& reply) {
  try {
    decode_validation_reply(reply, nowhere);
  } catch (const Error& error) {
    return std::string(id(error.kind())) + ": " + error.message();
  }
  return "decoded";
}

std::string with_finding(const std::string& finding) { return R"({"ok":{"findings":[)" + finding + "]}}"; }

TEST(ValidationRequest, IsOneLine) {
  EXPECT_EQ(encode(question_of(ValidationRequest{Model("[]"), "sqlite"})),
            R"({"sources":[],"dialect":"sqlite","complete":true,"suspect":[]})");
  EXPECT_EQ(encode(question_of(ValidationRequest{Model("[{}]"), "tsql", false, {"a"}})),
            R"({"sources":[{}],"dialect":"tsql","complete":false,"suspect":["a"]})");
  EXPECT_EQ(question_of(ValidationRequest{Model("[]"), "tsql", true, {}, {{"week_start", "sunday"}}}).members,
            R"("dialect":"tsql","complete":true,"suspect":[],"calendar":{"week_start":"sunday"})");
}

TEST(ValidationReply, IsDecoded) {
  const auto findings = decode_validation_reply(
      with_finding(R"({"code":"c","severity":"warning","message":"m","fix":"f","suggestions":["a"],
                       "concerned":["b"],"location":{"source":"orders","path":["joins",0]}},
                      {"code":"d","severity":"hint","message":"n","fix":null,"suggestions":[],
                       "concerned":[],"location":null},
                      {"code":"e","severity":"error","message":"o","suggestions":[],
                       "concerned":[],"location":{"source":"gone","path":[]}})"),
      in_orders);
  ASSERT_EQ(findings.size(), 3U);
  EXPECT_EQ(findings[0].severity, Severity::warning);
  EXPECT_EQ(findings[0].fix, "f");
  EXPECT_EQ(findings[0].suggestions, std::vector<std::string>{"a"});
  EXPECT_EQ(findings[0].concerned, std::vector<std::string>{"b"});
  EXPECT_EQ(findings[0].source, "orders");
  EXPECT_EQ(findings[0].file, R"(orders.yaml:["joins",0])");
  EXPECT_EQ(findings[0].line, 3U);
  EXPECT_EQ(findings[0].column, 5U);
  EXPECT_EQ(findings[1].severity, Severity::hint);
  EXPECT_EQ(findings[1].fix, "");
  EXPECT_EQ(findings[1].source, "");
  EXPECT_EQ(findings[1].file, "");
  EXPECT_EQ(findings[2].severity, Severity::error);
  EXPECT_EQ(findings[2].source, "gone");
  EXPECT_EQ(findings[2].file, "");
}

TEST(ValidationReply, IsReadStrictly) {
  EXPECT_EQ(error_of(R"({"ok":{}})"), "internal: The planner's reply: ok.findings is missing");
  EXPECT_EQ(
      error_of(with_finding(R"({"code":"c","severity":"note","message":"m"})")),
      "internal: A finding of the planner's reply: severity must be \"error\", \"warning\" or \"hint\"");
  EXPECT_EQ(error_of(with_finding(R"({"code":"c","severity":"error","message":"m"})")),
            "internal: A finding of the planner's reply: suggestions is missing");
  EXPECT_EQ(error_of(R"({"error":{"kind":"interpreter","message":"no"}})"), "interpreter: no");
}

}  // namespace
}  // namespace ktx::semantic
