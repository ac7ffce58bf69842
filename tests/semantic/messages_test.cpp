#include "ktx/semantic/messages.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ktx::semantic {
namespace {

std::optional<Place> place(const std::string& source, const Json& path) {
  if (source != "orders") return std::nullopt;
  return Place{"orders.yaml:" + compact_json(path), 3, 5};
}

std::string outcome(std::string_view reply) {
  try {
    decode_query_reply(reply, false, place);
  } catch (const Error& error) {
    return std::string(id(error.kind())) + ": " + error.message() + " | " + error.fix();
  }
  return "decoded";
}

TEST(QueryRequest, SendsOnlyWhatIsSaid) {
  EXPECT_EQ(
      encode(question_of(QueryRequest{Model("[]"), {{"orders.n"}, {}, {}, {}, {}, {}, {}, {}}, "sqlite"})),
      R"({"sources":[],"query":{"measures":["orders.n"]},"dialect":"sqlite"})");
}

TEST(QueryRequest, AsksForAnExplanationOnlyWhenTold) {
  EXPECT_EQ(
      encode(question_of(QueryRequest{Model("[]"), {{"n"}, {}, {}, {}, {}, {}, {}, {}}, "sqlite", true})),
      R"({"sources":[],"query":{"measures":["n"]},"dialect":"sqlite","explain":true})");
}

// The members are part of the plan cache's key: another calendar is another question.
TEST(QueryRequest, SendsACalendarOnlyWhereThereIsOne) {
  QueryRequest request{Model("[]"), {{"n"}, {}, {}, {}, {}, {}, {}, {}}, "sqlite"};
  request.calendar = {{"week_start", "sunday"}};
  EXPECT_EQ(question_of(request).members,
            R"("query":{"measures":["n"]},"dialect":"sqlite","calendar":{"week_start":"sunday"})");
}

TEST(QueryRequest, SendsEveryField) {
  Query query;
  query.measures = {"orders.n", "sum(orders.x) / 2"};
  query.dimensions = {{"orders.status", {}}, {"orders.created_at", "month"}};
  query.filters = {"status = 'paid'"};
  query.segments = {"orders.big"};
  query.order_by = {{"orders.n", "desc"}, {"orders.status", {}}};
  query.limit = 5;
  query.include_empty = false;
  query.fill = true;
  query.each_once = true;
  EXPECT_EQ(encode(question_of(QueryRequest{Model(R"([{"name":"orders"}])"), query, "postgres"})),
            R"({"sources":[{"name":"orders"}],"query":{"measures":["orders.n","sum(orders.x) / 2"],)"
            R"("dimensions":["orders.status",{"field":"orders.created_at","granularity":"month"}],)"
            R"("filters":["status = 'paid'"],"segments":["orders.big"],)"
            R"("order_by":[{"field":"orders.n","direction":"desc"},"orders.status"],)"
            R"("limit":5,"include_empty":false,"fill":true,"each_once":true},"dialect":"postgres"})");
}

TEST(QueryReply, IsDecoded) {
  const CompiledQuery compiled = decode_query_reply(
      R"({"ok":{"sql":"SELECT 1","dialect":"sqlite","columns":[
           {"name":"orders.at","provenance":"dimension","granularity":"month"},
           {"name":"orders.n","provenance":"verified","granularity":null,"part":true},
           {"name":"orders.share","provenance":"verified"}],
         "plan":{"limit":1000},"warnings":[
           {"code":"c","severity":"warning","message":"m","location":{"source":"orders","path":["joins",0]}},
           {"code":"d","severity":"info","message":"n"}],
         "timezone":"Asia/Tokyo","checks":[
           {"source":"orders","column":"at","storage":null,"use":"compared","sql":"SELECT 2","probe":null},
           {"source":"orders","column":"s","storage":"unix","use":"grouped","sql":"SELECT 3","probe":"SELECT 4"}]}})",
      false, place);
  EXPECT_EQ(compiled.sql, "SELECT 1");
  EXPECT_EQ(compiled.dialect, "sqlite");
  EXPECT_EQ(names_of(compiled.columns), (std::vector<std::string>{"orders.at", "orders.n", "orders.share"}));
  EXPECT_EQ(compiled.columns[0].granularity, "month");
  EXPECT_EQ(compiled.columns[1].granularity, std::nullopt);
  EXPECT_FALSE(compiled.columns[0].is_part);
  EXPECT_TRUE(compiled.columns[1].is_part);
  EXPECT_FALSE(compiled.columns[2].is_part);
  EXPECT_EQ(compiled.plan["limit"], 1000);
  ASSERT_EQ(compiled.warnings.size(), 2U);
  EXPECT_EQ(compiled.warnings[0].place, R"(orders.yaml:["joins",0]:3:5)");
  EXPECT_EQ(compiled.warnings[1].place, "");
  EXPECT_EQ(compiled.warnings[1].severity, "info");
  EXPECT_EQ(compiled.timezone, "Asia/Tokyo");
  ASSERT_EQ(compiled.checks.size(), 2U);
  EXPECT_TRUE(compiled.checks[0].is_compared);
  EXPECT_EQ(compiled.checks[0].storage, std::nullopt);
  EXPECT_EQ(compiled.checks[1].storage, "unix");
  EXPECT_EQ(compiled.checks[1].probe, "SELECT 4");
}

std::string explained(const std::string& explanation) {
  return R"({"ok":{"sql":"s","dialect":"x","columns":[],"plan":{},"warnings":[],"timezone":"UTC","checks":[],"explanation":)" +
         explanation + "}}";
}

TEST(QueryReply, HoldsAnExplanationWhereThereIsOne) {
  const CompiledQuery compiled = decode_query_reply(
      explained(
          R"({"text":"top","children":[{"text":"below","children":[]},{"text":"last","children":[]}]})"),
      true, place);
  ASSERT_TRUE(compiled.explanation);
  EXPECT_EQ(compiled.explanation->text, "top");
  ASSERT_EQ(compiled.explanation->children.size(), 2U);
  EXPECT_EQ(compiled.explanation->children[1].text, "last");
  EXPECT_EQ(outcome(explained(R"({"text":"top"})")),
            "internal: The planner's reply: ok.explanation.children is missing | ");
  EXPECT_EQ(outcome(explained(R"({"text":"top","children":[{"children":[]}]})")),
            "internal: A statement of the planner's explanation: text is missing | ");
}

TEST(QueryReply, ErrorsKeepTheirKind) {
  const auto reply = [](const std::string& kind) {
    return R"({"error":{"kind":")" + kind + R"(","message":"no"}})";
  };
  EXPECT_EQ(outcome(reply("invalid_query")), "query: no | ");
  EXPECT_EQ(outcome(reply("unsupported")), "unsupported: no | ");
  EXPECT_EQ(outcome(reply("invalid_model")), "model: no | ");
  EXPECT_EQ(outcome(reply("database")), "database: no | ");
  EXPECT_EQ(outcome(reply("interpreter")), "interpreter: no | ");
  EXPECT_EQ(outcome(reply("invalid_request")), "internal: no | ");
  EXPECT_EQ(outcome(reply("unknown_operation")), "internal: no | ");
  EXPECT_EQ(outcome(reply("internal")), "internal: no | ");
  EXPECT_EQ(outcome(reply("new")), "internal: The planner's reply: error.kind \"new\" is not known | ");
}

TEST(QueryReply, ErrorsSayWhereAndWhatToDo) {
  EXPECT_EQ(outcome(R"({"error":{"kind":"invalid_model","message":"bad join","fix":"mend it",
                        "suggestions":["a","b"],"location":{"source":"orders","path":["joins",0,"on"]}}})"),
            "model: orders.yaml:[\"joins\",0,\"on\"]:3:5: bad join; did you mean a, b? | mend it");
  EXPECT_EQ(outcome(R"({"error":{"kind":"invalid_query","message":"No.","suggestions":["a"]}})"),
            "query: No. Did you mean a? | ");
  EXPECT_EQ(
      outcome(R"({"error":{"kind":"invalid_model","message":"bad","location":{"source":"x","path":[]}}})"),
      "model: bad | ");
}

TEST(QueryReply, ErrorsKeepWhatAProgramNeedsToMendThem) {
  const char* reply = R"({"error":{"kind":"invalid_query","message":"No.","suggestions":["a","b"],
      "location":{"source":"orders","path":["joins",0,"on"]},
      "details":{"path":["measures",1,"a/b"],"routes":[["o","a","c"],["o","b","c"]]}}})";
  try {
    decode_query_reply(reply, false, place);
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    const ErrorHints& hints = error.hints();
    EXPECT_EQ(hints.suggestions, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(hints.place, "orders.yaml:[\"joins\",0,\"on\"]:3:5");
    EXPECT_EQ(hints.request_path, "/measures/1/a~1b");
    EXPECT_EQ(hints.routes, (std::vector<std::vector<std::string>>{{"o", "a", "c"}, {"o", "b", "c"}}));
  }
  EXPECT_EQ(outcome(R"({"error":{"kind":"invalid_query","message":"no","details":{"routes":[["a",1]]}}})"),
            "internal: The details of the planner's error: route must be an array of strings | ");
}

TEST(QueryReply, IsReadStrictly) {
  EXPECT_EQ(outcome("{}"), "internal: The planner's reply: ok is missing | ");
  EXPECT_EQ(outcome("[]"), "internal: The planner's reply: the document must be an object | ");
  EXPECT_EQ(
      outcome(R"({"ok":{"dialect":"x","columns":[],"plan":{},"warnings":[],"timezone":"UTC","checks":[]}})"),
      "internal: The planner's reply: ok.sql is missing | ");
  EXPECT_EQ(
      outcome(
          R"({"ok":{"sql":"","dialect":"x","columns":[],"plan":{},"warnings":[],"timezone":"UTC","checks":[]}})"),
      "internal: The planner's reply: ok.sql must not be empty | ");
  EXPECT_EQ(
      outcome(
          R"({"ok":{"sql":"s","dialect":"x","columns":[{}],"plan":{},"warnings":[],"timezone":"UTC","checks":[]}})"),
      "internal: A column of the planner's reply: name is missing | ");
  EXPECT_EQ(
      outcome(
          R"({"ok":{"sql":"s","dialect":"x","columns":[],"plan":[],"warnings":[],"timezone":"UTC","checks":[]}})"),
      "internal: The planner's reply: ok.plan must be an object | ");
  EXPECT_EQ(outcome(R"({"ok":{"sql":"s","dialect":"x","columns":[],"plan":{}}})"),
            "internal: The planner's reply: ok.warnings is missing | ");
  EXPECT_EQ(outcome(R"({"error":{"kind":"internal"}})"),
            "internal: The planner's reply: error.message is missing | ");
}

/// Answers with a fixed reply and keeps what it was asked.
TEST(QueryReply, HasTheExplanationThatWasAskedFor) {
  constexpr const char* reply =
      R"({"ok":{"sql":"SELECT 2","dialect":"duckdb","columns":[],"plan":{},"warnings":[],"timezone":"UTC","checks":[]}})";
  EXPECT_EQ(decode_query_reply(reply, false, place).sql, "SELECT 2");
  try {
    decode_query_reply(reply, true, place);
    FAIL() << "it is not there";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::internal);
    EXPECT_EQ(error.message(), "The planner's reply: explanation is missing");
  }
}

}  // namespace
}  // namespace ktx::semantic
