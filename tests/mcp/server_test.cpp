#include "ktx/mcp/server.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "fixtures.hpp"

namespace ktx::mcp {
namespace {

// A client of the fixtures, of an era, and what it was sent.
class Talk {
 public:
  explicit Talk(Era era) : era_(era), client_(era) {
    if (era == Era::handshake)
      ask("initialize", {{"protocolVersion", "2025-11-25"}, {"capabilities", capabilities_}});
  }

  std::optional<Json> say(const Json& message) { return server_.answer(message, client_, send_); }

  // The reply to a request of that era.
  Json ask(const std::string& method, Json params = Json::object()) {
    if (era_ == Era::stateless) {
      params["_meta"]["io.modelcontextprotocol/protocolVersion"] = "2026-07-28";
      params["_meta"]["io.modelcontextprotocol/clientCapabilities"] = capabilities_;
    }
    const auto reply = say({{"jsonrpc", "2.0"}, {"id", ++last_id_}, {"method", method}, {"params", params}});
    return reply.value_or(Json());
  }

  Json result(const std::string& method, Json params = Json::object()) {
    const Json reply = ask(method, std::move(params));
    EXPECT_TRUE(reply.contains("result")) << reply.dump();
    return reply.value("result", Json());
  }

  int error(const std::string& method, Json params = Json::object()) {
    const Json reply = ask(method, std::move(params));
    EXPECT_TRUE(reply.contains("error")) << reply.dump();
    return reply.value("error", Json::object()).value("code", 0);
  }

  Client& client() { return client_; }
  const std::vector<Json>& sent() const { return sent_; }

 private:
  Era era_;
  Json capabilities_ = {{"sampling", Json::object()}};
  Client client_;
  std::vector<Json> sent_;
  const Send send_ = [this](const Json& message) { sent_.push_back(message); };
  Server server_{fixtures::everything()};
  int last_id_ = 0;
};

int code_of(const std::optional<Json>& reply) {
  return reply ? reply->value("error", Json::object()).value("code", 0) : 0;
}

TEST(Server, AgreesOnARevisionWithAHandshake) {
  for (const std::string asked : {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"}) {
    const Json result = Talk(Era::handshake).result("initialize", {{"protocolVersion", asked}});
    EXPECT_EQ(result.at("protocolVersion"), asked);
    EXPECT_FALSE(result.contains("resultType"));
  }
  for (const std::string asked : {"2026-07-28", "1.0", ""}) {
    const Json result = Talk(Era::handshake).result("initialize", {{"protocolVersion", asked}});
    EXPECT_EQ(result.at("protocolVersion"), "2025-11-25");
  }
  EXPECT_EQ(Talk(Era::handshake).error("initialize", Json::object()), -32602);
}

TEST(Server, TakesTheEraFromTheFirstRequest) {
  const Server server(fixtures::everything());
  const Send nobody = [](const Json&) {};
  const Json discover = Json::parse(R"({"jsonrpc": "2.0", "id": 1, "method": "server/discover", "params":
      {"_meta": {"io.modelcontextprotocol/protocolVersion": "2026-07-28",
                 "io.modelcontextprotocol/clientCapabilities": {}}}})");
  const Json initialize = Json::parse(R"({"jsonrpc": "2.0", "id": 2, "method": "initialize", "params":
      {"protocolVersion": "2025-11-25", "capabilities": {}}})");
  Client stateless;
  EXPECT_EQ(server.answer(discover, stateless, nobody)->at("result").at("supportedVersions"),
            Json::array({"2026-07-28"}));
  const auto late = server.answer(initialize, stateless, nobody);
  EXPECT_EQ(code_of(late), -32022);
  EXPECT_EQ(late->at("error").at("data").at("supported"), Json::array({"2026-07-28"}));
  Client handshake;
  EXPECT_TRUE(server.answer(initialize, handshake, nobody)->contains("result"));
  EXPECT_EQ(code_of(server.answer(discover, handshake, nobody)), -32600);
}

TEST(Server, RefusesAnEnvelopeThatIsIncompleteOrOfAnotherRevision) {
  const Server server(fixtures::everything());
  const auto code = [&](const char* meta) {
    Client client(Era::stateless);
    const Json params = {{"_meta", Json::parse(meta)}};
    return code_of(server.answer(
        {{"jsonrpc", "2.0"}, {"id", 1}, {"method", "tools/list"}, {"params", params}}, client, {}));
  };
  EXPECT_EQ(code("{}"), -32602);
  EXPECT_EQ(code(R"({"io.modelcontextprotocol/protocolVersion": "2026-07-28"})"), -32602);
  EXPECT_EQ(code(R"({"io.modelcontextprotocol/clientCapabilities": {}})"), -32602);
  EXPECT_EQ(code(R"({"io.modelcontextprotocol/protocolVersion": 7,
                     "io.modelcontextprotocol/clientCapabilities": {}})"),
            -32602);
  EXPECT_EQ(code(R"({"io.modelcontextprotocol/protocolVersion": "2027-01-01",
                     "io.modelcontextprotocol/clientCapabilities": {}})"),
            -32022);
  EXPECT_EQ(code("7"), -32602);
}

TEST(Server, HasTheMethodsOfEachEra) {
  for (const char* const method :
       {"ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe", "initialize"})
    EXPECT_EQ(Talk(Era::stateless).error(method), -32601) << method;
  EXPECT_EQ(Talk(Era::handshake).error("server/discover"), -32601);
  for (const Era era : {Era::handshake, Era::stateless}) {
    EXPECT_EQ(Talk(era).error("tools/fetch"), -32601);
    for (const char* const method :
         {"tools/list", "prompts/list", "resources/list", "resources/templates/list"})
      EXPECT_TRUE(Talk(era).ask(method).contains("result")) << method;
  }
}

TEST(Server, RefusesWhatIsNoRequestAndStaysSilentToTheRest) {
  Talk talk(Era::handshake);
  for (const char* const text :
       {"[]", "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]", "7", "null", "{}",
        R"({"id": 1, "method": "ping"})", R"({"jsonrpc": "1.0", "id": 1, "method": "ping"})",
        R"({"jsonrpc": "2.0", "id": 1, "method": 7})", R"({"jsonrpc": "2.0", "id": null, "method": "ping"})",
        R"({"jsonrpc": "2.0", "id": 1.5, "method": "ping"})",
        R"({"jsonrpc": "2.0", "id": {}, "method": "ping"})"}) {
    const auto reply = talk.say(Json::parse(text));
    EXPECT_EQ(code_of(reply), -32600) << text;
    EXPECT_TRUE(reply->at("id").is_null());
  }
  for (const char* const text :
       {R"({"jsonrpc": "2.0", "method": "notifications/initialized"})",
        R"({"jsonrpc": "2.0", "method": "tools/list"})",
        R"({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 99}})",
        R"({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": 7})",
        R"({"jsonrpc": "2.0", "id": 5, "result": {}})", R"({"jsonrpc": "2.0", "id": "ktx-9", "error": {}})"})
    EXPECT_FALSE(talk.say(Json::parse(text))) << text;
  EXPECT_EQ(talk.error("tools/list", Json::array()), -32602);
  EXPECT_EQ(talk.error("tools/call", {{"name", 7}}), -32602);
  EXPECT_EQ(talk.error("tools/call", {{"name", "test_simple_text"}, {"arguments", 7}}), -32602);
  EXPECT_EQ(talk.error("tools/call", {{"name", "test_simple_text"}, {"_meta", 7}}), -32602);
}

TEST(Server, AnswersAMistakeInACallAsAResult) {
  for (const Era era : {Era::handshake, Era::stateless}) {
    const Json unknown = Talk(era).result("tools/call", {{"name", "nothing"}});
    EXPECT_EQ(unknown.at("isError"), true);
    EXPECT_EQ(unknown.at("content").at(0).at("text"), "Unknown tool: nothing");
    const Json failed = Talk(era).result("tools/call", {{"name", "test_error_handling"}});
    EXPECT_EQ(failed.at("isError"), true);
    EXPECT_EQ(failed.at("structuredContent").at("error").at("kind"), "usage");
    EXPECT_EQ(failed.at("content").at(0).at("text"), failed.at("structuredContent").dump());
  }
}

TEST(Server, SaysHowLongAResultOfTheNewestEraKeeps) {
  Talk talk(Era::stateless);
  for (const char* const method :
       {"server/discover", "tools/list", "prompts/list", "resources/list", "resources/templates/list"}) {
    const Json result = talk.result(method);
    EXPECT_EQ(result.at("resultType"), "complete");
    EXPECT_GE(result.at("ttlMs").get<int>(), 0);
    EXPECT_EQ(result.at("cacheScope"), "private");
    EXPECT_EQ(result.at("_meta").at("io.modelcontextprotocol/serverInfo").at("name"), "ktx");
  }
  EXPECT_FALSE(talk.result("tools/call", {{"name", "test_simple_text"}}).contains("ttlMs"));
  EXPECT_FALSE(Talk(Era::handshake).result("tools/list").contains("ttlMs"));
}

TEST(Server, NamesAResourceThatIsNotThere) {
  const Json params = {{"uri", "test://nothing"}};
  EXPECT_EQ(Talk(Era::handshake).error("resources/read", params), -32002);
  EXPECT_EQ(Talk(Era::stateless).error("resources/read", params), -32602);
  EXPECT_EQ(Talk(Era::stateless).ask("resources/read", params).at("error").at("data"), params);
}

TEST(Server, ReadsResourcesByAddressAndByTemplate) {
  Talk talk(Era::handshake);
  const Json text = talk.result("resources/read", {{"uri", "test://static-text"}});
  EXPECT_EQ(text.at("contents").at(0).at("text"), "This is the content of the static text resource.");
  const Json binary = talk.result("resources/read", {{"uri", "test://static-binary"}});
  EXPECT_EQ(binary.at("contents").at(0).at("blob"), fixtures::png);
  const Json made = talk.result("resources/read", {{"uri", "test://template/a%20b/data"}});
  EXPECT_NE(made.at("contents").at(0).at("text").get<std::string>().find("Data for ID: a b"),
            std::string::npos);
}

TEST(Server, ListsResourcesInPagesThatAreTheWhole) {
  Offer offer;
  offer.resource_templates.push_back({.uri_template = "many://{number}",
                                      .name = "many",
                                      .title = "",
                                      .description = "",
                                      .mime_type = "",
                                      .list =
                                          [](Call&) {
                                            std::vector<Resource> all;
                                            for (int i = 0; i < 250; ++i) {
                                              const std::string name = std::to_string(i);
                                              all.push_back({.uri = "many://" + name,
                                                             .name = name,
                                                             .title = "",
                                                             .description = "",
                                                             .mime_type = "",
                                                             .size = {},
                                                             .read = {}});
                                            }
                                            return all;
                                          },
                                      .read = [](Call&, const Json&) { return std::nullopt; },
                                      .complete = {}});
  const Server server(std::move(offer));
  Client client(Era::handshake);
  std::vector<std::string> found;
  Json params = Json::object();
  for (int page = 0; page < 3; ++page) {
    const auto reply = server.answer(
        {{"jsonrpc", "2.0"}, {"id", page}, {"method", "resources/list"}, {"params", params}}, client, {});
    const Json& result = reply->at("result");
    for (const Json& resource : result.at("resources")) found.push_back(resource.at("name"));
    ASSERT_EQ(result.contains("nextCursor"), page < 2);
    if (page < 2) params["cursor"] = result.at("nextCursor");
  }
  ASSERT_EQ(found.size(), 250U);
  for (int i = 0; i < 250; ++i) EXPECT_EQ(found[static_cast<std::size_t>(i)], std::to_string(i));
  params["cursor"] = "many://gone";
  EXPECT_EQ(
      code_of(server.answer({{"jsonrpc", "2.0"}, {"id", 9}, {"method", "resources/list"}, {"params", params}},
                            client, {})),
      -32602);
}

TEST(Server, ChecksTheArgumentsOfAPrompt) {
  Talk talk(Era::stateless);
  const Json filled = {{"arg1", "a"}, {"arg2", "b"}};
  const Json result =
      talk.result("prompts/get", {{"name", "test_prompt_with_arguments"}, {"arguments", filled}});
  EXPECT_EQ(result.at("messages").at(0).at("content").at("text"),
            "Prompt with arguments: arg1='a', arg2='b'");
  const auto code = [&](const Json& arguments) {
    return talk.error("prompts/get", {{"name", "test_prompt_with_arguments"}, {"arguments", arguments}});
  };
  EXPECT_EQ(code({{"arg1", "a"}}), -32602);
  EXPECT_EQ(code({{"arg1", "a"}, {"arg2", 7}}), -32602);
  EXPECT_EQ(code({{"arg1", "a"}, {"arg2", "b"}, {"arg3", "c"}}), -32602);
  EXPECT_EQ(talk.error("prompts/get", {{"name", "nothing"}}), -32602);
}

TEST(Server, CompletesArgumentsOfPrompts) {
  Talk talk(Era::handshake);
  const Json prompt = {{"type", "ref/prompt"}, {"name", "test_prompt_with_arguments"}};
  const Json argument = {{"name", "arg1"}, {"value", "par"}};
  const Json result = talk.result("completion/complete", {{"ref", prompt}, {"argument", argument}});
  EXPECT_EQ(result.at("completion").at("values"), Json::array({"paris", "park", "party"}));
  EXPECT_EQ(result.at("completion").at("hasMore"), false);
  const Json of_kind = {{"type", "ref/resource"}, {"uri", "test://template/{id}/data"}};
  EXPECT_EQ(talk.result("completion/complete", {{"ref", of_kind}, {"argument", argument}})
                .at("completion")
                .at("total"),
            0);
  for (const Json& nothing : {Json(7), Json::object(), Json{{"type", "ref/prompt"}, {"name", "nothing"}},
                              Json{{"type", "ref/resource"}, {"uri", "nothing://"}}})
    EXPECT_EQ(talk.error("completion/complete", {{"ref", nothing}, {"argument", argument}}), -32602);
}

TEST(Server, TellsProgressOnlyToWhoAskedForIt) {
  Talk talk(Era::handshake);
  talk.result("tools/call", {{"name", "test_tool_with_progress"}});
  EXPECT_TRUE(talk.sent().empty());
  talk.result("tools/call", {{"name", "test_tool_with_progress"}, {"_meta", {{"progressToken", 7}}}});
  ASSERT_EQ(talk.sent().size(), 3U);
  EXPECT_EQ(talk.sent()[1].at("params"), Json({{"progressToken", 7}, {"progress", 50.0}, {"total", 100.0}}));
}

TEST(Server, LogsFromTheLevelThatTheClientWants) {
  Talk talk(Era::handshake);
  talk.result("logging/setLevel", {{"level", "warning"}});
  talk.result("tools/call", {{"name", "test_logging_tool"}});
  EXPECT_TRUE(talk.sent().empty());
  talk.result("logging/setLevel", {{"level", "info"}});
  talk.result("tools/call", {{"name", "test_logging_tool"}});
  EXPECT_EQ(talk.sent().size(), 3U);
  EXPECT_EQ(talk.error("logging/setLevel", {{"level", "loud"}}), -32602);

  Talk stateless(Era::stateless);
  stateless.result("tools/call", {{"name", "test_logging_tool"}});
  EXPECT_TRUE(stateless.sent().empty());
  const Json meta = {{"io.modelcontextprotocol/logLevel", "debug"}};
  stateless.result("tools/call", {{"name", "test_logging_tool"}, {"_meta", meta}});
  EXPECT_EQ(stateless.sent().size(), 3U);
}

TEST(Server, TellsOfAChangeOnlyWhoWatches) {
  Talk talk(Era::handshake);
  const Json uri = {{"uri", "test://watched-resource"}};
  const Json change = {{"name", "test_change_resource"}};
  talk.result("tools/call", change);
  EXPECT_TRUE(talk.sent().empty());
  talk.result("resources/subscribe", uri);
  talk.result("tools/call", change);
  ASSERT_EQ(talk.sent().size(), 1U);
  EXPECT_EQ(talk.sent()[0].at("params"), uri);
  talk.result("resources/unsubscribe", uri);
  talk.result("tools/call", change);
  EXPECT_EQ(talk.sent().size(), 1U);
}

TEST(Server, AsksByAResultOnlyInTheNewestEra) {
  const Json call = {{"name", "test_input_required_result_elicitation"}};
  const Json asked = Talk(Era::stateless).result("tools/call", call);
  EXPECT_EQ(asked.at("resultType"), "input_required");
  EXPECT_EQ(asked.at("inputRequests").at("user_name").at("method"), "elicitation/create");
  EXPECT_FALSE(asked.contains("requestState"));
  EXPECT_EQ(Talk(Era::handshake).error("tools/call", call), -32600);
  // And by requests only before.
  const Json sampling = {{"name", "test_sampling"}, {"arguments", {{"prompt", "x"}}}};
  EXPECT_EQ(Talk(Era::stateless).result("tools/call", sampling).at("isError"), true);
}

TEST(Server, DoesNotAnswerWhatWasCancelled) {
  Offer offer;
  offer.tools.push_back(fixtures::text_tool("waits", "Waits", [](Call& call, const Json&) -> std::string {
    while (true) call.cancellation().throw_if_cancelled();
  }));
  const Server server(std::move(offer));
  Client client(Era::handshake);
  client.cancel_all();  // the client has gone; what it asks is cancelled when it begins
  EXPECT_FALSE(server.answer(
      {{"jsonrpc", "2.0"}, {"id", 1}, {"method", "tools/call"}, {"params", {{"name", "waits"}}}}, client,
      {}));
}

TEST(Server, KnowsWhatTakesLongAndWhatCancels) {
  EXPECT_TRUE(Server::takes_long(Json::parse(R"({"id": 1, "method": "tools/call"})")));
  EXPECT_FALSE(Server::takes_long(Json::parse(R"({"method": "tools/call"})")));
  for (const char* const text : {"7", "[]", R"({"id": 1})", R"({"id": 1, "method": "tools/list"})"})
    EXPECT_FALSE(Server::takes_long(Json::parse(text))) << text;
  EXPECT_EQ(Server::cancelled_by(
                Json::parse(R"({"method": "notifications/cancelled", "params": {"requestId": "a"}})")),
            Json("a"));
  EXPECT_FALSE(Server::cancelled_by(Json::parse(R"({"method": "notifications/cancelled"})")));
}

}  // namespace
}  // namespace ktx::mcp
