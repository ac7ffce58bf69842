#pragma once

#include <gtest/gtest.h>
#include <pty.h>
#include <sqlite3.h>
#include <unistd.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "command_line.hpp"
#include "ktx/util/json.hpp"
#include "temporary_directory.hpp"

namespace ktx::cli::test {

using ktx::test::TemporaryDirectory;

inline constexpr const char* config =
    "project: shop\n"
    "connections:\n"
    "  shop: { driver: sqlite, path: shop.db, readonly: true }\n";

inline constexpr const char* orders =
    "name: orders\n"
    "table: orders\n"
    "grain: [id]\n"
    "columns:\n"
    "  - { name: id, type: number }\n"
    "  - { name: status, type: string }\n"
    "measures:\n"
    "  - { name: n, expr: count(*) }\n";

inline std::string reply(const std::string& sql, int limit = 1000) {
  const Json answer = {
      {"ok",
       {{"sql", sql},
        {"dialect", "sqlite"},
        {"columns", Json::array({{{"name", "orders.status"}}, {{"name", "orders.n"}}})},
        {"plan", {{"sources_used", {"orders"}}, {"limit", limit}}},
        {"warnings", Json::array({{{"code", "c"}, {"severity", "warning"}, {"message", "look out"}}})},
        {"timezone", "UTC"},
        {"checks", Json::array()}}}};
  return compact_json(answer);
}

inline const std::string by_status =
    "SELECT status, COUNT(*) AS n FROM orders GROUP BY status ORDER BY 2 DESC, 1 LIMIT 1000";

/// Puts a terminal in the place of stdout for as long as it lives.
class TerminalAsStdout {
 public:
  TerminalAsStdout() : saved_(::dup(STDOUT_FILENO)) {
    int terminal = -1;
    EXPECT_EQ(::openpty(&reader_, &terminal, nullptr, nullptr, nullptr), 0);
    ::dup2(terminal, STDOUT_FILENO);
    ::close(terminal);
  }
  TerminalAsStdout(const TerminalAsStdout&) = delete;
  TerminalAsStdout& operator=(const TerminalAsStdout&) = delete;
  ~TerminalAsStdout() {
    ::dup2(saved_, STDOUT_FILENO);
    ::close(saved_);
    ::close(reader_);
  }

 private:
  int saved_;
  int reader_ = -1;
};

/// What the program sees whose stdout is a terminal.
inline Terminal terminal_as_stdout() {
  const TerminalAsStdout terminal;
  return {};
}

/// `ktx sl query` in a project of one source, with a planner that answers what a test says.
class SlQueryTest : public testing::Test {
 protected:
  SlQueryTest() {
    folder_.write("ktx.yaml", config);
    folder_.write("semantic-layer/shop/orders.yaml", orders);
    sqlite3* database = nullptr;
    sqlite3_open((folder_.path() / "shop.db").c_str(), &database);
    sqlite3_exec(database,
                 "create table orders (id integer, status text);"
                 "insert into orders values (1, 'paid'), (2, 'paid'), (3, null), (4, 'a,\"b\"')",
                 nullptr, nullptr, nullptr);
    sqlite3_close(database);
  }

  Outcome run(std::vector<std::string> arguments) {
    Context context;
    context.environment = environment_;
    context.environment.directory = folder_.path();
    if (terminal_) context.terminal = *terminal_;
    CommandLine line(std::move(context));
    line.planner.reply = reply_;
    arguments.insert(arguments.begin(), {"sl", "query"});
    const Outcome outcome = line.run(std::move(arguments));
    planner_ = line.planner;
    return outcome;
  }

  /// The query that the planner was asked.
  Json asked() const { return Json::parse(planner_.request).at("query"); }

  TemporaryDirectory folder_;
  Environment environment_;
  std::string reply_ = reply(by_status);
  std::optional<Terminal> terminal_;
  Planner planner_;
};

}  // namespace ktx::cli::test
