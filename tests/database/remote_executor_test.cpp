#include "remote_executor.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "expect_error.hpp"
#include "ktx/database/open_executor.hpp"
#include "ktx/project/config.hpp"
#include "temporary_directory.hpp"

namespace ktx::database {
namespace {

/// Answers what a test sets, and keeps what it was asked.
class RecordingTransport : public semantic::Transport {
 public:
  std::string call(std::string_view operation, std::string_view request) override {
    operations.emplace_back(operation);
    asked = Json::parse(request);
    return reply;
  }

  std::string reply;
  std::vector<std::string> operations;
  Json asked;
};

class RemoteExecutorTest : public testing::Test {
 protected:
  std::unique_ptr<Executor> open(const std::string& settings) {
    const project::Config config =
        project::parse_config("project: p\nconnections:\n  w: {" + settings + "}\n", "ktx.yaml");
    connection_ = config.connections.at(0);
    return open_executor(connection_, environment_, folder_.path(), source());
  }

  PythonSource source() {
    return [this]() -> semantic::Transport& { return transport_; };
  }

  ktx::test::TemporaryDirectory folder_;
  Environment environment_;
  RecordingTransport transport_;
  project::Connection connection_;
};

Json one_column(const std::string& rows, const std::string& type = "unknown") {
  return Json::parse(R"({"columns": [{"name": "a", "type": ")" + type +
                     R"(", "database_type": "x"}], "rows": )" + rows + R"(, "truncated": false})");
}

Value only_cell(const std::string& cell) {
  return decode_result(one_column("[[" + cell + "]]")).rows.at(0).at(0);
}

TEST_F(RemoteExecutorTest, SendsSettingsWithSecretsInTheirPlaces) {
  environment_.variables["WH_URL"] = "postgres://u:p@h/d";
  folder_.write("secrets/password", "hunter2\n");
  transport_.reply = R"({"ok": {"columns": [], "rows": [], "truncated": false}})";
  const auto executor = open(
      "driver: Postgres, readonly: true, url: 'env:WH_URL', password: 'file:secrets/password', port: 5, "
      "deep: {list: ['env:WH_URL', 1]}");
  EXPECT_TRUE(transport_.operations.empty());
  executor->execute("SELECT 1", {.max_rows = 7, .interrupted = {}, .compiled = true});
  EXPECT_EQ(transport_.operations, std::vector<std::string>{"database-query"});
  const Json& settings = transport_.asked.at("settings");
  EXPECT_EQ(settings.at("url"), "postgres://u:p@h/d");
  EXPECT_EQ(settings.at("password"), "hunter2");
  EXPECT_EQ(settings.at("port"), 5);
  EXPECT_EQ(settings.at("deep").at("list").at(0), "postgres://u:p@h/d");
  EXPECT_EQ(transport_.asked.at("connection_id"), "w");
  EXPECT_EQ(transport_.asked.at("driver"), "Postgres");
  EXPECT_EQ(transport_.asked.at("sql"), "SELECT 1");
  EXPECT_EQ(transport_.asked.at("max_rows"), 7);
  EXPECT_EQ(transport_.asked.at("compiled"), true);
  EXPECT_EQ(transport_.asked.at("project_directory"), folder_.path().string());
}

TEST_F(RemoteExecutorTest, NamesTheReferenceThatLeadsNowhere) {
  const Error unset =
      ktx::test::error_of([&] { open("driver: mysql, readonly: true, password: 'env:NOPE'"); });
  EXPECT_EQ(unset.kind(), ErrorKind::connection);
  EXPECT_EQ(unset.message(),
            "connections.w.password refers to the environment variable NOPE, which is not set");
  const Error missing =
      ktx::test::error_of([&] { open("driver: mysql, readonly: true, ssl: {ca: 'file:no.pem'}"); });
  EXPECT_NE(missing.message().find("connections.w.ssl.ca refers to the file "), std::string::npos);
}

TEST_F(RemoteExecutorTest, RefusesWritableConnectionsAndUnknownDrivers) {
  EXPECT_NE(ktx::test::error_of([&] { open("driver: mysql, host: h"); }).message().find("read-only"),
            std::string::npos);
  EXPECT_NE(ktx::test::error_of([&] { open("driver: mysqll, readonly: true"); }).fix().find("mean mysql?"),
            std::string::npos);
  EXPECT_NE(ktx::test::error_of([&] { open("readonly: true"); }).message().find("names no driver"),
            std::string::npos);
}

TEST_F(RemoteExecutorTest, GivesErrorsTheKindOfTheReply) {
  transport_.reply = R"({"error": {"kind": "database", "message": "no such table", "fix": "Look."}})";
  const auto executor = open("driver: duckdb, path: x, readonly: true");
  const Error refused = ktx::test::error_of([&] { executor->execute("SELECT 1", {}); });
  EXPECT_EQ(refused.kind(), ErrorKind::database);
  EXPECT_EQ(refused.message(), "no such table");
  EXPECT_EQ(refused.fix(), "Look.");
  transport_.reply = R"({"error": {"kind": "unsupported", "message": "m", "fix": "f"}})";
  EXPECT_EQ(ktx::test::error_of([&] { executor->execute("SELECT 1", {}); }).kind(), ErrorKind::unsupported);
  transport_.reply = "nonsense";
  EXPECT_EQ(ktx::test::error_of([&] { executor->execute("SELECT 1", {}); }).kind(), ErrorKind::internal);
}

TEST_F(RemoteExecutorTest, ReportsWhatATestFinds) {
  transport_.reply =
      R"({"ok": {"driver": "postgres", "server_version": null, "tables": 3, "schemas": ["a", "b"],
          "database": "d", "read_only": {"enforced": true, "how": "a READ ONLY transaction"}}})";
  open("driver: postgres, host: h, readonly: true");
  const ConnectionReport report = test_connection(connection_, environment_, folder_.path(), source());
  EXPECT_EQ(transport_.operations, std::vector<std::string>{"database-test"});
  EXPECT_EQ(report.tables, 3U);
  EXPECT_EQ(report.server_version, std::nullopt);
  EXPECT_EQ(report.database, "d");
  EXPECT_TRUE(report.read_only_enforced);
}

TEST(TaggedCell, IsReadAsTheValueThatItWas) {
  const std::vector<Value> values = {
      std::monostate{}, true, std::int64_t{9007199254740993}, 0.1, Decimal{"12.30"}, std::string("a"),
      Blob{"\x01\xff"}};
  for (const Value& value : values) {
    const Json answer = {{"columns", {{{"name", "x"}, {"type", "unknown"}}}},
                         {"rows", Json::array({Json::array({tagged_cell(value)})})},
                         {"truncated", false}};
    EXPECT_EQ(decode_result(answer).rows.at(0).at(0), value);
  }
  EXPECT_EQ(tagged_cell(-std::numeric_limits<double>::infinity()), (Json{{"float", "-Infinity"}}));
  EXPECT_EQ(tagged_cell(std::numeric_limits<double>::quiet_NaN()), (Json{{"float", "NaN"}}));
}

TEST(DecodeResult, ReadsEveryKindOfCell) {
  EXPECT_EQ(only_cell("null"), Value(std::monostate{}));
  EXPECT_EQ(only_cell("true"), Value(true));
  EXPECT_EQ(only_cell("-9223372036854775808"), Value(std::numeric_limits<std::int64_t>::min()));
  EXPECT_EQ(only_cell("9223372036854775807"), Value(std::numeric_limits<std::int64_t>::max()));
  EXPECT_EQ(only_cell("1.5"), Value(1.5));
  EXPECT_EQ(only_cell("\"ü\""), Value(std::string("ü")));
  EXPECT_EQ(only_cell(R"({"decimal": "12.30"})"), Value(Decimal{"12.30"}));
  EXPECT_EQ(only_cell(R"({"decimal": "2.5000000000000000"})"), Value(Decimal{"2.5"}));
  EXPECT_EQ(only_cell(R"({"decimal": "-1.00000000000000000000"})"), Value(Decimal{"-1"}));
  EXPECT_EQ(only_cell(R"({"decimal": "0.0000000000000000"})"), Value(Decimal{"0"}));
  EXPECT_EQ(only_cell(R"({"decimal": "12000000000000000000"})"), Value(Decimal{"12000000000000000000"}));
  EXPECT_EQ(only_cell(R"({"hex": "00fF"})"), Value(Blob{std::string("\0\xFF", 2)}));
  EXPECT_TRUE(std::isinf(std::get<double>(only_cell(R"({"float": "-Infinity"})"))));
  EXPECT_TRUE(std::isnan(std::get<double>(only_cell(R"({"float": "NaN"})"))));
}

TEST(DecodeResult, RefusesWhatIsNoAnswer) {
  for (const char* cell :
       {"9223372036854775808", "[1]", "{}", R"({"hex": "0"})", R"({"hex": "0g"})", R"({"float": "big"})",
        R"({"decimal": 1})", R"({"what": "x"})", R"({"hex": "00", "decimal": "1"})"}) {
    EXPECT_EQ(ktx::test::error_of([&] { only_cell(cell); }).kind(), ErrorKind::internal) << cell;
  }
  for (const char* rows : {"[[]]", "[[1, 2]]", "[1]", "{}", "null"}) {
    EXPECT_EQ(ktx::test::error_of([&] { decode_result(one_column(rows)); }).kind(), ErrorKind::internal)
        << rows;
  }
  EXPECT_NE(ktx::test::error_of([] { decode_result(one_column("[]", "shape")); }).message().find("type"),
            std::string::npos);
  EXPECT_NE(ktx::test::error_of([] { decode_result(Json::parse(R"({"columns": [], "rows": []})")); })
                .message()
                .find("truncated"),
            std::string::npos);
}

}  // namespace
}  // namespace ktx::database
