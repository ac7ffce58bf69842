#include "help/usage_message.hpp"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "app.hpp"

namespace ktx::cli {
namespace {

/// What the program says of a wrong command line.
std::string message_for(const std::vector<std::string>& words) {
  Context context;
  const auto app = make_app(context);
  try {
    app->parse(std::vector<std::string>(words.rbegin(), words.rend()));  // as CLI11 takes them
  } catch (const CLI::ParseError& error) {
    return usage_message(*app, words, error);
  } catch (const Error& error) {
    return error.message();
  }
  return "understood";
}

TEST(UsageMessageTest, AMisspeltCommandIsRecognised) {
  EXPECT_EQ(message_for({"runtme", "status"}), R"(ktx has no command "runtme"; did you mean "runtime"?)");
  EXPECT_EQ(message_for({"sl", "qurey", "--measure", "x"}),
            R"(ktx sl has no command "qurey"; did you mean "query"?)");
  EXPECT_EQ(message_for({"help", "sl", "qurey"}), R"(ktx sl has no command "qurey"; did you mean "query"?)");
}

TEST(UsageMessageTest, ACommandOfAnotherPlaceIsNamedInFull) {
  EXPECT_EQ(message_for({"query"}), R"(ktx has no command "query"; did you mean "ktx sl query"?)");
}

TEST(UsageMessageTest, TheFirstWordIsAlwaysACommand) {
  EXPECT_EQ(message_for({"frobnicate", "sl", "list"}), R"(ktx has no command "frobnicate")");
  EXPECT_EQ(message_for({"--project-dir", "shop", "frobnicate"}), R"(ktx has no command "frobnicate")");
}

TEST(UsageMessageTest, CommandsOfTheTypeScriptKtxSayWhereTheyWent) {
  EXPECT_EQ(message_for({"agent", "sl", "list", "--json"}),
            R"(ktx has no command "agent"; use ktx sl, ktx wiki or ktx sql, with --json)");
  for (const char* name : {"admin", "agent", "dev", "ingest", "mcp", "scan", "serve"}) {
    const std::string message = message_for({name});
    EXPECT_TRUE(message.starts_with("ktx has no command \"" + std::string(name) + "\"; ")) << message;
    EXPECT_EQ(message.find("did you mean"), std::string::npos) << message;
  }
}

TEST(UsageMessageTest, WhatIsLikeNothingGetsNoGuess) {
  EXPECT_EQ(message_for({"sl", "frobnicate"}), R"(ktx sl has no command "frobnicate")");
  EXPECT_EQ(message_for({"sl", "list", "extra"}), R"(ktx sl list has no place for "extra")");
}

TEST(UsageMessageTest, AnOptionIsComparedWithThoseOfItsCommand) {
  EXPECT_EQ(message_for({"sl", "query", "--mesure", "x"}),
            R"(ktx sl query has no option "--mesure"; did you mean "--measure"?)");
  EXPECT_EQ(message_for({"sl", "query", "--mesure=x"}),
            R"(ktx sl query has no option "--mesure"; did you mean "--measure"?)");
  EXPECT_EQ(message_for({"sl", "list", "--mesure", "x"}), R"(ktx sl list has no option "--mesure")");
  EXPECT_EQ(message_for({"sl", "list", "--projet-dir", "x"}),
            R"(ktx sl list has no option "--projet-dir"; did you mean "--project-dir"?)");
}

TEST(UsageMessageTest, AValueIsComparedWithThoseThatAreAllowed) {
  EXPECT_EQ(
      message_for({"sl", "query", "--measure", "x", "--format", "tabel"}),
      R"(--format cannot be "tabel"; did you mean "table"? (one of: table, json, csv, markdown, parquet, sql))");
  EXPECT_EQ(
      message_for({"sl", "schema", "sorce"}),
      R"(<file> cannot be "sorce"; did you mean "source"? (one of: source, overlay, manifest, project))");
}

TEST(UsageMessageTest, ANumberThatDoesNotFitIsRefusedInWords) {
  const auto limit = [](const std::string& value) {
    return message_for({"sl", "query", "--measure", "x", "--limit", value});
  };
  EXPECT_EQ(limit("0"), "understood");
  EXPECT_EQ(limit("-1"), R"(--limit: "-1" is no whole number of 0 or more)");
  for (const std::string value : {"many", "1.5", "1e3", "", "99999999999999999999"}) {
    EXPECT_EQ(limit(value), "--limit: \"" + value + "\" is no whole number of 0 or more");
  }
  EXPECT_EQ(message_for({"sl", "query", "--measure", "x", "--execute", "--max-rows", "0"}),
            R"(--max-rows: "0" is no whole number of 1 or more)");
  EXPECT_EQ(message_for({"sl", "search", "x", "--limit", "0"}),
            R"(--limit: "0" is no whole number from 1 to 1000000)");
  EXPECT_EQ(message_for({"connection", "add", "postgres", "a", "--port", "65536"}),
            R"(--port: "65536" is no whole number from 1 to 65535)");
  EXPECT_EQ(message_for({"sql", "select 1", "--max-rows", "10001"}),
            R"(--max-rows: "10001" is no whole number from 1 to 10000)");
  EXPECT_EQ(message_for({"runtime", "start", "--idle-timeout", "-5"}),
            R"(--idle-timeout: "-5" is no whole number from 0 to 31536000)");
}

TEST(UsageMessageTest, WhatCli11OrACommandSaysIsKept) {
  EXPECT_EQ(message_for({"sl", "query"}), "sl query requires at least one --measure");
  EXPECT_EQ(message_for({"runtime", "bundle", "ktx.tar.gz"}),
            "path: ktx.tar.gz is no name for a bundle: a folder, or an archive that ends in .zip");
}

}  // namespace
}  // namespace ktx::cli
