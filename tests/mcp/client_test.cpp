#include "ktx/mcp/client.hpp"

#include <gtest/gtest.h>

#include <future>
#include <string>
#include <thread>

#include "ktx/mcp/rpc.hpp"
#include "ktx/util/error.hpp"

namespace ktx::mcp {
namespace {

// Asks a client whose question `arrived` tells, and replies as `reply` says.
Json ask_and_reply(Client& client, Json reply) {
  std::promise<Json> arrived;
  const Send send = [&](const Json& message) { arrived.set_value(message); };
  std::thread answering([&] {
    reply["id"] = arrived.get_future().get().at("id");
    client.take_reply({{"id", "ktx-99"}, {"result", 7}});
    client.take_reply({{"id", 1}, {"result", 7}});
    client.take_reply(reply);
    client.take_reply(reply);
  });
  Cancellation never;
  try {
    const Json result = client.ask(send, "roots/list", Json::object(), never);
    answering.join();
    return result;
  } catch (...) {
    answering.join();
    throw;
  }
}

TEST(Client, IsAskedAndAnswers) {
  Client client;
  const Json roots = {{"roots", Json::array()}};
  EXPECT_EQ(ask_and_reply(client, {{"result", roots}}), roots);
  EXPECT_EQ(ask_and_reply(client, {{"result", roots}}), roots);
}

TEST(Client, MayRefuse) {
  Client client;
  try {
    ask_and_reply(client, {{"error", {{"code", -1}, {"message", "not now"}}}});
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("not now"), std::string::npos);
  }
}

TEST(Client, IsNotWaitedForOnceTheRequestIsCancelled) {
  Client client;
  Cancellation cancellation;
  const Send cancelling = [&](const Json&) { std::thread([&] { cancellation.cancel(); }).join(); };
  try {
    client.ask(cancelling, "roots/list", Json::object(), cancellation);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::interrupted);
  }
}

TEST(Client, HasOneRequestOfAnId) {
  Client client;
  Client::Running running(client, 1);
  EXPECT_THROW(Client::Running(client, 1), RpcFailure);
  // "1" is another id than 1.
  Client::Running other(client, "1");
  client.cancel("1");
  EXPECT_FALSE(running.cancellation().is_cancelled());
  EXPECT_TRUE(other.cancellation().is_cancelled());
  client.cancel_all();
  EXPECT_TRUE(running.cancellation().is_cancelled());
}

TEST(Client, KeepsTheEraOfItsFirstRequest) {
  Client client;
  EXPECT_EQ(client.era(Era::stateless), Era::stateless);
  EXPECT_EQ(client.era(Era::handshake), Era::stateless);
}

}  // namespace
}  // namespace ktx::mcp
