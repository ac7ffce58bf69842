#include "http_guard.hpp"

#include <gtest/gtest.h>

#include <string>

#include "http_headers.hpp"

namespace ktx::mcp {
namespace {

constexpr const char* secret = "0123456789abcdef0123456789abcdef";

HttpSettings settings() {
  HttpSettings settings;
  settings.token = secret;
  settings.allowed_hosts = {"ktx.example", "proxy.example:8443"};
  settings.allowed_origins = {"https://chat.example"};
  return settings;
}

HttpHead head(std::multimap<std::string, std::string> headers) {
  return {.method = "POST", .target = "/mcp", .headers = std::move(headers)};
}

unsigned status(std::multimap<std::string, std::string> headers) {
  const auto reply = turned_away(head(std::move(headers)), settings());
  return reply ? reply->status : 200;
}

unsigned status_with_token(std::multimap<std::string, std::string> headers) {
  headers.emplace("authorization", std::string("Bearer ") + secret);
  return status(std::move(headers));
}

TEST(HttpGuard, AsksForTheTokenBeforeAnythingElse) {
  EXPECT_EQ(status({{"host", "evil.example"}}), 401U);
  EXPECT_EQ(status({}), 401U);
  const std::string right = secret;
  for (const std::string& given : {std::string("Bearer"), "Bearer " + right.substr(1),
                                   "Bearer " + right + "0", "Basic " + right, right, "Bearer  " + right})
    EXPECT_EQ(status({{"host", "localhost"}, {"authorization", given}}), 401U) << given;
  EXPECT_EQ(status({{"host", "localhost"}, {"authorization", "bearer " + right}}), 200U);
  EXPECT_EQ(status({{"host", "localhost"},
                    {"authorization", "Bearer " + right},
                    {"authorization", "Bearer " + right}}),
            401U);
}

TEST(HttpGuard, SaysHowToComeInAndNeverTheToken) {
  const auto missing = turned_away(head({{"host", "localhost"}}), settings());
  ASSERT_TRUE(missing);
  EXPECT_EQ(missing->headers.at(0).first, "WWW-Authenticate");
  EXPECT_EQ(missing->headers.at(0).second, "Bearer realm=\"ktx\"");
  const auto wrong = turned_away(head({{"host", "localhost"}, {"authorization", "Bearer x"}}), settings());
  ASSERT_TRUE(wrong);
  EXPECT_EQ(wrong->headers.at(0).second, "Bearer realm=\"ktx\", error=\"invalid_token\"");
  EXPECT_EQ((missing->body + wrong->body).find(secret), std::string::npos);
}

TEST(HttpGuard, IsCalledByItsOwnNamesOnly) {
  for (const char* const host :
       {"localhost", "LOCALHOST:7878", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:7878", "ktx.example",
        "ktx.example:443", "KTX.example", "proxy.example:8443"})
    EXPECT_EQ(status_with_token({{"host", host}}), 200U) << host;
  for (const char* const host :
       {"evil.example", "localhost.evil.example", "evil.example:7878", "localhost:", "localhost:x",
        "127.0.0.2", "proxy.example", "proxy.example:1", "::1", "", "localhost@evil.example"})
    EXPECT_EQ(status_with_token({{"host", host}}), 421U) << host;
  EXPECT_EQ(status_with_token({}), 421U);
  EXPECT_EQ(status_with_token({{"host", "localhost"}, {"host", "localhost"}}), 421U);
}

TEST(HttpGuard, IsCalledByPagesOfAllowedOriginsOnly) {
  for (const char* const origin : {"http://localhost", "http://localhost:3000", "https://127.0.0.1:8080",
                                   "http://[::1]:1", "https://chat.example", "HTTPS://Chat.example"})
    EXPECT_EQ(status_with_token({{"host", "localhost"}, {"origin", origin}}), 200U) << origin;
  for (const char* const origin :
       {"http://evil.example", "null", "http://localhost.evil.example", "https://chat.example:8443",
        "https://chat.example.evil.example", "http://chat.example", "file://localhost", "localhost"})
    EXPECT_EQ(status_with_token({{"host", "localhost"}, {"origin", origin}}), 403U) << origin;
}

TEST(HttpGuard, LetsABrowserAskForAnAllowedOriginOnly) {
  HttpHead asked = head({{"origin", "https://chat.example"}});
  asked.method = "OPTIONS";
  const auto consent = preflight(asked, settings());
  ASSERT_TRUE(consent);
  EXPECT_EQ(consent->status, 204U);
  asked.headers = {{"origin", "http://localhost:3000"}};
  EXPECT_FALSE(preflight(asked, settings()));
  EXPECT_TRUE(origin_headers(asked, settings()).empty());
}

Json call_of(const std::string& method, Json params) {
  params["_meta"] = {{"io.modelcontextprotocol/protocolVersion", "2026-07-28"},
                     {"io.modelcontextprotocol/clientCapabilities", Json::object()}};
  return {{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", params}};
}

bool agrees(std::multimap<std::string, std::string> headers, const Json& message) {
  headers.emplace("mcp-protocol-version", "2026-07-28");
  try {
    check_routing_headers(head(std::move(headers)), message);
    return true;
  } catch (const RpcFailure& failure) {
    EXPECT_EQ(failure.code, RpcError::header_mismatch);
    return false;
  }
}

TEST(RoutingHeaders, SayWhatTheBodySays) {
  const Json list = call_of("tools/list", Json::object());
  EXPECT_TRUE(agrees({{"mcp-method", "tools/list"}}, list));
  EXPECT_FALSE(agrees({{"mcp-method", "TOOLS/LIST"}}, list));
  EXPECT_FALSE(agrees({}, list));
  EXPECT_FALSE(agrees({{"mcp-method", "tools/list"}, {"mcp-method", "tools/list"}}, list));
  EXPECT_FALSE(agrees({{"mcp-method", "tools/list"}, {"mcp-protocol-version", "2025-11-25"}}, list));
  const Json call = call_of("tools/call", {{"name", "größe"}});
  EXPECT_TRUE(agrees({{"mcp-method", "tools/call"}, {"mcp-name", "=?base64?Z3LDtsOfZQ==?="}}, call));
  EXPECT_FALSE(agrees({{"mcp-method", "tools/call"}, {"mcp-name", "=?base64?Z3LDtsOfZQ?="}}, call));
  EXPECT_FALSE(agrees({{"mcp-method", "tools/call"}, {"mcp-name", "=?base64?=?="}}, call));
  EXPECT_FALSE(agrees({{"mcp-method", "tools/call"}}, call));
  const Json read = call_of("resources/read", {{"uri", "a:b"}});
  EXPECT_TRUE(agrees({{"mcp-method", "resources/read"}, {"mcp-name", "a:b"}}, read));
  EXPECT_FALSE(agrees({{"mcp-method", "resources/read"}, {"mcp-name", "a:c"}}, read));
}

TEST(RoutingHeaders, SayWhatAClientAccepts) {
  EXPECT_TRUE(accepts(head({}), "text/event-stream"));
  EXPECT_TRUE(accepts(head({{"accept", "*/*"}}), "text/event-stream"));
  EXPECT_TRUE(accepts(head({{"accept", "Application/JSON;q=1, text/event-stream"}}), "application/json"));
  EXPECT_TRUE(accepts(head({{"accept", "text/*"}}), "text/event-stream"));
  EXPECT_FALSE(accepts(head({{"accept", "application/json"}}), "text/event-stream"));
  EXPECT_FALSE(accepts(head({{"accept", ""}}), "application/json"));
  EXPECT_TRUE(is_json(head({{"content-type", "application/json; charset=utf-8"}})));
  EXPECT_FALSE(is_json(head({{"content-type", "text/plain"}})));
  EXPECT_FALSE(is_json(head({})));
}

}  // namespace
}  // namespace ktx::mcp
