#include "ktx/daemon/running_host.hpp"

#include <gtest/gtest.h>

#include <memory>

#include "daemon_fixture.hpp"
#include "http_peer.hpp"
#include "ktx/util/digest.hpp"

namespace ktx::daemon {
namespace {

using test::http_answer;
using test::HttpPeer;

std::string challenge_in(const std::string& request) {
  const std::string name = "X-Ktx-Challenge: ";
  const auto begin = request.find(name);
  if (begin == std::string::npos) return {};
  return request.substr(begin + name.size(), request.find("\r\n", begin) - begin - name.size());
}

/// Answers as a host with this token does.
std::string as_host(const std::string& token, const std::string& request) {
  const std::string challenge = challenge_in(request);
  if (challenge.empty()) return http_answer(R"({"ok":"answer"})");
  return http_answer("{}", "X-Ktx-Proof: " + hex(hmac_sha256(token, challenge)) + "\r\n");
}

State state_at(const HttpPeer& peer) {
  State state = test::DaemonFixture::state();
  state.port = peer.port();
  return state;
}

TEST(RunningHost, ProvesThatItHoldsTheToken) {
  const std::string token(64, 'a');
  HttpPeer peer([&](const std::string& request) { return as_host(token, request); });
  auto host = RunningHost::find(state_at(peer));
  ASSERT_TRUE(host);
  EXPECT_EQ(host->post("/call/x", "{}", std::chrono::minutes(1)).body, R"({"ok":"answer"})");
  EXPECT_NE(peer.heard().find("Authorization: Bearer " + token + "\r\n"), std::string::npos);
}

TEST(RunningHost, GivesItsTokenToNobodyElse) {
  const std::string token(64, 'a');
  HttpPeer without_proof([](const std::string&) { return http_answer(R"({"status":"healthy"})"); });
  EXPECT_FALSE(RunningHost::find(state_at(without_proof)));
  EXPECT_EQ(without_proof.heard().find(token), std::string::npos);
  HttpPeer other_token([](const std::string& request) { return as_host(std::string(64, 'b'), request); });
  EXPECT_FALSE(RunningHost::find(state_at(other_token)));
  EXPECT_EQ(other_token.heard().find(token), std::string::npos);
}

TEST(RunningHost, IsNotAskedWhenItsProcessHasEnded) {
  const std::string token(64, 'a');
  HttpPeer peer([&](const std::string& request) { return as_host(token, request); });
  State state = state_at(peer);
  ++state.process.start_time;
  EXPECT_FALSE(RunningHost::find(state));
  EXPECT_EQ(peer.heard(), "");
}

TEST(RunningHost, FitsWhoNeedsNoMoreThanItHas) {
  using runtime::Feature;
  const State state = test::DaemonFixture::state();
  EXPECT_TRUE(fits(state, {"0.1.0", "r", {Feature::core}}));
  EXPECT_FALSE(fits(state, {"0.2.0", "r", {Feature::core}}));
  EXPECT_FALSE(fits(state, {"0.1.0", "another receipt", {Feature::core}}));
  EXPECT_FALSE(fits(state, {"0.1.0", "r", {Feature::core, Feature::local_embeddings}}));
  EXPECT_FALSE(fits(state, {"0.1.0", "r", {Feature::core}, true}));
}

TEST(HostTransport, AnswersNothingWhenTheHostGoesAway) {
  const std::string token(64, 'a');
  int calls = 0;
  HttpPeer peer([&](const std::string& request) {
    if (challenge_in(request).empty() && ++calls == 2) return std::string();
    return as_host(token, request);
  });
  auto host = RunningHost::find(state_at(peer));
  ASSERT_TRUE(host);
  HostTransport transport(*std::move(host));
  EXPECT_EQ(transport.call("a", "{}"), R"({"ok":"answer"})");
  EXPECT_EQ(transport.call("b", "{}"), std::nullopt);
}

TEST(HostTransport, AnswersNothingWhenTheHostRefuses) {
  const std::string token(64, 'a');
  HttpPeer peer([&](const std::string& request) {
    if (!challenge_in(request).empty()) return as_host(token, request);
    return std::string("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
  });
  auto host = RunningHost::find(state_at(peer));
  ASSERT_TRUE(host);
  HostTransport transport(*std::move(host));
  EXPECT_EQ(transport.call("a", "{}"), std::nullopt);
}

}  // namespace
}  // namespace ktx::daemon
