// One interpreter asked from many threads at once, with the wheel's own sources.
#include "ktx/plugin/shared_interpreter.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <thread>
#include <vector>

#include "embedding.hpp"
#include "ktx/util/cancellation.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/subprocess.hpp"

namespace ktx::test {
namespace {

// A statement that DuckDB does not end in the life of a test, and one that it answers at once.
constexpr const char* endless = "SELECT SUM(a.range * b.range) FROM RANGE(10000000) a, RANGE(10000000) b";
constexpr const char* quick = "SELECT 7 AS n";

class SharedInterpreter : public testing::Test {
 protected:
  SharedInterpreter() {
    const std::string program = "import duckdb, sys; duckdb.connect(sys.argv[1]).close()";
    const CommandResult made =
        ProcessRunner().run({.argv = {described_interpreter().executable, "-c", program, file_.string()}});
    if (!made.succeeded()) throw Error(ErrorKind::internal, "DuckDB makes no file: " + made.err);
  }

  std::string database_question(const std::string& sql) const {
    return compact_json({{"connection_id", "shop"},
                         {"driver", "duckdb"},
                         {"settings", {{"driver", "duckdb"}, {"path", file_.string()}, {"readonly", true}}},
                         {"sql", sql},
                         {"max_rows", 10}});
  }

  std::string ask(const std::string& sql, Cancellation& cancellation) {
    return interpreter_.transport(cancellation)->call("database-query", database_question(sql));
  }

  const TemporaryDirectory directory_;
  const std::filesystem::path file_ = directory_.path() / "shop.duckdb";
  plugin::SharedInterpreter interpreter_{described_interpreter(), KTX_TEST_PLUGIN_DIR};
  Cancellation never_;
};

TEST_F(SharedInterpreter, AnswersManyThreadsAsItAnswersOne) {
  const Json example =
      Json::parse(read_file(std::filesystem::path(KTX_CONTRACT_DIR) / "semantic-query/one_source.json"));
  const std::string request = compact_json(example.at("request"));
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      Cancellation cancellation;
      const auto transport = interpreter_.transport(cancellation);
      for (int j = 0; j < 5; ++j) {
        right += Json::parse(transport->call("semantic-query", request)) == example.at("reply") ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 40);
}

TEST_F(SharedInterpreter, GoesOnWhileADatabaseIsWaitedForAndEndsThatAlone) {
  ask(quick, never_);  // imports the driver
  Cancellation cancellation;
  std::string error;
  std::thread waiting([&] { error = error_of([&] { ask(endless, cancellation); }); });
  const Json reply = Json::parse(ask(quick, never_));
  EXPECT_EQ(reply.at("ok").at("rows"), Json::parse("[[7]]"));
  EXPECT_EQ(error, "");  // it still waits
  cancellation.cancel();
  waiting.join();
  EXPECT_EQ(error, "interrupted: The call was cancelled");
  EXPECT_EQ(Json::parse(ask(quick, never_)), reply);
}

TEST_F(SharedInterpreter, AsksNothingForWhatWasCancelledBefore) {
  Cancellation cancellation;
  cancellation.cancel();
  EXPECT_EQ(error_of([&] { ask(endless, cancellation); }), "interrupted: The call was cancelled");
  EXPECT_EQ(plugin::Plugin::running(), nullptr);
}

TEST_F(SharedInterpreter, ManyCallsEndWhenAllAreCancelled) {
  ask(quick, never_);
  std::vector<Cancellation> cancellations(6);
  std::atomic<int> ended = 0;
  std::vector<std::thread> threads;
  for (Cancellation& cancellation : cancellations) {
    threads.emplace_back([&] {
      error_of([&] { ask(endless, cancellation); });
      ++ended;
    });
  }
  // Some are cancelled before they have reached Python, some after.
  for (Cancellation& cancellation : cancellations) cancellation.cancel();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ended, 6);
}

}  // namespace
}  // namespace ktx::test
