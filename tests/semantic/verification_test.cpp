#include "ktx/semantic/verification.hpp"

#include <gtest/gtest.h>

#include <string>

#include "ktx/util/error.hpp"

namespace ktx::semantic {
namespace {

std::optional<Place> no_place(const std::string& /*source*/, const Json& /*path*/) { return std::nullopt; }

std::string verify_error_of(const std::string& reply) {
  try {
    decode_verify_reply(reply, no_place);
  } catch (const Error& error) {
    return std::string(id(error.kind())) + ": " + error.message();
  }
  return "decoded";
}

std::string step(const std::string& statements, const std::string& verdict) {
  return R"({"ok":{"timezone":"UTC","statements":[)" + statements + R"(],"verdict":)" + verdict + "}}";
}

std::string verdict(const std::string& outcome, const std::string& reason = "null") {
  return R"({"outcome":")" + outcome + R"(","reason":)" + reason + R"(,"sql":"SELECT 1","columns":["a","b"],
    "sources":[{"source":"orders","rows":7,"sampled":true}],"groups":3,"difference_count":12,
    "differences":[{"what":"other values","dimensions":["x"],"by_sql":["x",1],"by_rows":null}],
    "notes":["n"],"behind":[{"source":"orders","what":"w","columns":["id"],"rows":[[1]],"row_count":9}],
    "model":[{"name":"orders"}]})";
}

TEST(VerifyRequest, IsThatOfAQueryWithBoundsAndResults) {
  Query query;
  query.measures.emplace_back("orders.n");
  const QueryRequest asked{Model([] { return std::string("[]"); }), query, "sqlite", false, std::nullopt};
  const ModelQuestion question = question_of(VerifyRequest{asked, 10, 5, Json::array()});
  EXPECT_EQ(question.operation, "semantic-verify");
  EXPECT_EQ(
      encode(question),
      R"({"sources":[],"query":{"measures":["orders.n"]},"dialect":"sqlite","rows":10,"seconds":5,"results":[]})");
}

TEST(VerifyReply, OfAStepHasStatements) {
  const VerifyStep decoded =
      decode_verify_reply(step(R"({"name":"count orders","sql":"SELECT 1","max_rows":1},
                                  {"name":"answer","sql":"SELECT 2","max_rows":null})",
                               "null"),
                          no_place);
  EXPECT_EQ(decoded.timezone, "UTC");
  EXPECT_FALSE(decoded.verdict);
  ASSERT_EQ(decoded.statements.size(), 2U);
  EXPECT_EQ(decoded.statements[0].name, "count orders");
  EXPECT_EQ(decoded.statements[0].max_rows, 1);
  EXPECT_EQ(decoded.statements[1].sql, "SELECT 2");
  EXPECT_EQ(decoded.statements[1].max_rows, std::nullopt);
}

TEST(VerifyReply, OfTheLastStepHasAVerdict) {
  const VerifyStep decoded = decode_verify_reply(step("", verdict("different")), no_place);
  ASSERT_TRUE(decoded.verdict);
  const VerifyVerdict& found = *decoded.verdict;
  EXPECT_EQ(found.outcome, VerifyVerdict::Outcome::different);
  EXPECT_EQ(found.columns, (std::vector<std::string>{"a", "b"}));
  ASSERT_EQ(found.sources.size(), 1U);
  EXPECT_EQ(found.sources[0].rows, 7U);
  EXPECT_TRUE(found.sources[0].sampled);
  EXPECT_EQ(found.difference_count, 12U);
  ASSERT_EQ(found.differences.size(), 1U);
  EXPECT_EQ(found.differences[0].by_sql, (Json{"x", 1}));
  EXPECT_TRUE(found.differences[0].by_rows.is_null());
  ASSERT_EQ(found.behind.size(), 1U);
  EXPECT_EQ(found.behind[0].count, 9U);
  EXPECT_EQ(found.notes, std::vector<std::string>{"n"});
  EXPECT_EQ(found.model.at(0).at("name"), "orders");
  EXPECT_EQ(decode_verify_reply(step("", verdict("equal")), no_place).verdict->outcome,
            VerifyVerdict::Outcome::equal);
}

TEST(VerifyReply, OfWhatCannotBeCheckedSaysWhy) {
  const std::string reason = R"("function hex of the measure orders.n")";
  EXPECT_EQ(decode_verify_reply(step("", verdict("unchecked", reason)), no_place).verdict->reason,
            "function hex of the measure orders.n");
  EXPECT_NE(verify_error_of(step("", verdict("unchecked"))).find("reason"), std::string::npos);
}

TEST(VerifyReply, HasEitherStatementsOrAVerdict) {
  const std::string statement = R"({"name":"answer","sql":"SELECT 2","max_rows":null})";
  EXPECT_NE(verify_error_of(step("", "null")).find("verdict"), std::string::npos);
  EXPECT_NE(verify_error_of(step(statement, verdict("equal"))).find("verdict"), std::string::npos);
  EXPECT_NE(verify_error_of(step("", verdict("alike"))).find("\"alike\" is not known"), std::string::npos);
}

TEST(VerifyReply, OfAnErrorIsThatError) {
  EXPECT_EQ(verify_error_of(R"({"error":{"kind":"invalid_query","message":"No."}})"), "query: No.");
}

}  // namespace
}  // namespace ktx::semantic
