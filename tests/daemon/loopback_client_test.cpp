#include "ktx/util/loopback_client.hpp"

#include <gtest/gtest.h>

#include "http_peer.hpp"
#include "ktx/util/error.hpp"

namespace ktx {
namespace {

using std::chrono::milliseconds;
using test::http_answer;
using test::HttpPeer;

constexpr std::chrono::minutes generous{1};

std::string failure(LoopbackClient& client, milliseconds limit = generous) {
  try {
    client.send({}, limit);
  } catch (const Error& error) {
    return std::string(id(error.kind())) + ": " + error.message();
  }
  return "answered";
}

TEST(LoopbackClient, SendsAndReceivesOverOneConnection) {
  HttpPeer peer([](const std::string&) { return http_answer("hello", "X-Ktx-Proof: p\r\n"); });
  LoopbackClient client(peer.port());
  for (int i = 0; i < 3; ++i) {
    const HttpResponse response =
        client.send({.method = "POST", .target = "/call/x", .headers = {{"A", "b"}}, .body = "{}"}, generous);
    EXPECT_EQ(response.status, 200U);
    EXPECT_EQ(response.body, "hello");
    EXPECT_EQ(response.headers.at("x-ktx-proof"), "p");
  }
  EXPECT_EQ(peer.connections(), 1);
  const std::string host = "127.0.0.1:" + std::to_string(peer.port());
  EXPECT_TRUE(peer.heard().starts_with("POST /call/x HTTP/1.1\r\n")) << peer.heard();
  EXPECT_NE(peer.heard().find("Host: " + host + "\r\n"), std::string::npos);
  EXPECT_NE(peer.heard().find("\r\nA: b\r\n"), std::string::npos);
  EXPECT_NE(peer.heard().find("Content-Length: 2\r\n\r\n{}"), std::string::npos);
}

TEST(LoopbackClient, ReadsChunks) {
  HttpPeer peer([](const std::string&) {
    return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
  });
  LoopbackClient client(peer.port());
  EXPECT_EQ(client.send({}, generous).body, "abcde");
}

TEST(LoopbackClient, ReadsBodiesOfMegabytes) {
  const std::string large(std::size_t{12} << 20U, 'x');
  HttpPeer peer([&](const std::string&) { return http_answer(large); });
  LoopbackClient client(peer.port());
  EXPECT_EQ(client.send({}, generous).body, large);
}

TEST(LoopbackClient, SaysWhatIsWrongWithThePeer) {
  HttpPeer garbage([](const std::string&) { return "SSH-2.0-OpenSSH_9.2\r\n\r\n"; });
  LoopbackClient to_garbage(garbage.port());
  EXPECT_TRUE(failure(to_garbage).starts_with("io: 127.0.0.1:")) << failure(to_garbage);
  HttpPeer silent([](const std::string&) { return ""; });
  LoopbackClient to_silent(silent.port());
  EXPECT_NE(failure(to_silent).find("end of stream"), std::string::npos) << failure(to_silent);
  HttpPeer cut([](const std::string&) {
    return "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\nabc";
  });
  LoopbackClient to_cut(cut.port());
  EXPECT_TRUE(failure(to_cut, milliseconds(200)).starts_with("io: ")) << failure(to_cut, milliseconds(200));
}

TEST(LoopbackClient, GivesUpAtTheLimit) {
  // A backlog takes the connection; nobody ever answers.
  const FileDescriptor socket(::socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  ASSERT_EQ(::bind(socket.value(), generic, size), 0);
  ASSERT_EQ(::listen(socket.value(), 1), 0);
  ASSERT_EQ(::getsockname(socket.value(), generic, &size), 0);
  LoopbackClient client(ntohs(address.sin_port));
  EXPECT_NE(failure(client, milliseconds(20)).find("timeout"), std::string::npos);
}

TEST(LoopbackClient, FindsNobodyOnAClosedPort) {
  std::uint16_t port = 0;
  {
    const HttpPeer peer([](const std::string&) { return ""; });
    port = peer.port();
  }
  LoopbackClient client(port);
  EXPECT_NE(failure(client).find("Connection refused"), std::string::npos) << failure(client);
}

}  // namespace
}  // namespace ktx
