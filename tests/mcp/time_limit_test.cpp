#include "tools/time_limit.hpp"

#include <gtest/gtest.h>

#include "expect_error.hpp"
#include "ktx/util/error.hpp"
#include "tool_calls.hpp"
#include "tools/tool_table.hpp"

namespace ktx::mcp {
namespace {

using namespace std::chrono_literals;

ToolSpec endless(std::chrono::milliseconds limit) {
  ToolSpec spec;
  spec.name = "endless";
  spec.example = "{}";
  spec.time_limit = limit;
  spec.answer = [](CallSession& session, Call& /*call*/, const Json& /*arguments*/) -> Answer {
    while (true) session.cancellation()->throw_if_cancelled();
  };
  return spec;
}

Tool tool_of(Engine& engine, ToolSpec spec) {
  ToolTable table(engine);
  table.add(std::move(spec));
  return std::move(table).take().front();
}

TEST(TimeLimit, ACallThatTakesTooLongIsEndedAndSaysSo) {
  Engine engine({});
  const Tool tool = tool_of(engine, endless(2000ms));
  test::SilentCall call;
  const Error error = test::error_of([&] { tool.run(call, Json::object()); });
  EXPECT_EQ(error.kind(), ErrorKind::interrupted);
  EXPECT_EQ(error.message(), "endless took longer than 2 s and was ended");
  EXPECT_FALSE(call.cancellation().is_cancelled()) << "the client still waits for an answer";
}

TEST(TimeLimit, AClientThatLeavesIsNoTimeLimit) {
  Engine engine({});
  const Tool tool = tool_of(engine, endless(1h));
  test::SilentCall call;
  call.cancellation().cancel();
  const Error error = test::error_of([&] { tool.run(call, Json::object()); });
  EXPECT_EQ(error.kind(), ErrorKind::interrupted);
  EXPECT_EQ(error.message().find("took longer"), std::string::npos) << error.message();
}

TEST(TimeLimit, EndsWithTheWorkAndNotLater) {
  Cancellation client;
  const auto begin = std::chrono::steady_clock::now();
  {
    TimeLimit limit(client, 1h);
    EXPECT_FALSE(limit.is_over());
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 1min);
  EXPECT_FALSE(client.is_cancelled());
}

}  // namespace
}  // namespace ktx::mcp
