#include "ktx/semantic/validation.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ktx::semantic {
namespace {

std::optional<std::string> nowhere(const std::string& /*source*/, const Json& /*path*/) {
  return std::nullopt;
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
}

TEST(ValidationReply, IsDecoded) {
  const auto findings = decode_validation_reply(
      with_finding(R"({"code":"c","severity":"warning","message":"m","fix":"f","suggestions":["a"],
                       "concerned":["b"],"location":{"source":"orders","path":["joins",0]}},
                      {"code":"d","severity":"hint","message":"n","fix":null,"suggestions":[],
                       "concerned":[],"location":null})"),
      nowhere);
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].severity, "warning");
  EXPECT_EQ(findings[0].fix, "f");
  EXPECT_EQ(findings[0].suggestions, std::vector<std::string>{"a"});
  EXPECT_EQ(findings[0].concerned, std::vector<std::string>{"b"});
  EXPECT_EQ(findings[0].source, "orders");
  EXPECT_EQ(compact_json(findings[0].path), R"(["joins",0])");
  EXPECT_EQ(findings[1].severity, "hint");
  EXPECT_EQ(findings[1].fix, "");
  EXPECT_EQ(findings[1].source, "");
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
