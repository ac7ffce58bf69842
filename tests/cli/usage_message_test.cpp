#include "help/usage_message.hpp"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "app.hpp"
#include "help/command_tree.hpp"
#include "ktx/output/error_view.hpp"

namespace ktx::cli {
namespace {

/// What the program says of a wrong command line.
std::string message_for(CLI::App& app, const std::vector<std::string>& words) {
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));  // as CLI11 takes them
  } catch (const CLI::ParseError& error) {
    return usage_message(app, words, error);
  } catch (const Error& error) {
    return error.message();
  }
  return "understood";
}

std::string message_for(const std::vector<std::string>& words) {
  Context context;
  return message_for(*make_app(context), words);
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
  for (const char* name : {"admin", "agent", "dev", "ingest", "scan"}) {
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
      R"(<file> cannot be "sorce"; did you mean "source"? (one of: source, overlay, manifest, metrics, project))");
}

TEST(UsageMessageTest, ANumberThatDoesNotFitIsRefusedInWords) {
  const auto limit = [](const std::string& value) {
    return message_for({"sl", "query", "--measure", "x", "--limit", value});
  };
  EXPECT_EQ(limit("0"), "understood");
  for (const std::string value : {"-1", "many", "1.5", "1e3", "", "-99999999999999999999"}) {
    EXPECT_EQ(limit(value), "--limit must be a whole number of 0 or more, not \"" + value + "\"");
  }
  EXPECT_EQ(limit("99999999999999999999"),
            R"(--limit must be a whole number from 0 to 9223372036854775807, not "99999999999999999999")");
  EXPECT_EQ(message_for({"sl", "query", "--measure", "x", "--execute", "--max-rows", "0"}),
            R"(--max-rows must be a whole number of 1 or more, not "0")");
  EXPECT_EQ(message_for({"sl", "search", "x", "--limit", "0"}),
            R"(--limit must be a whole number from 1 to 1000000, not "0")");
  EXPECT_EQ(message_for({"connection", "add", "postgres", "a", "--port", "65536"}),
            R"(--port must be a whole number from 1 to 65535, not "65536")");
  EXPECT_EQ(message_for({"sql", "select 1", "--max-rows", "10001"}),
            R"(--max-rows must be a whole number from 1 to 10000, not "10001")");
  EXPECT_EQ(message_for({"runtime", "start", "--idle-timeout", "-5"}),
            R"(--idle-timeout must be a whole number from 0 to 31536000, not "-5")");
}

// What CLI11 makes of an option with a value that nobody means, in front of the arguments that its command
// needs.
std::string absurd(CLI::App& app, const CLI::App& command, const CLI::Option& option,
                   const std::string& value) {
  std::vector<std::string> words;
  std::istringstream name(full_name(command));
  for (std::string word; name >> word;) words.push_back(word);
  words.erase(words.begin());
  if (option.get_positional()) {
    words.insert(words.end(), {"--", value});
  } else {
    words.push_back(option_forms(option).back() + "=" + value);
  }
  const std::string shown = render_misuse(message_for(app, words), "", {}, std::nullopt);
  return shown.substr(0, shown.size() - 2);  // without the lines before the help
}

bool is_number(const CLI::Option& option) {
  const std::string name = value_name(option);
  return name == "<n>" || name == "<number>" || name == "<port>";
}

TEST(UsageMessageTest, EveryOptionRefusesAbsurdValuesInOneReadableLine) {
  Context context;
  const auto app = make_app(context);
  const std::string huge(5000, '9');
  std::size_t numbers = 0;
  std::size_t lists = 0;
  for (const CLI::App* command : all_visible_commands(*app)) {
    for (const CLI::Option* option : visible_options(*command)) {
      if (!takes_value(*option)) continue;
      const std::string form = option_forms(*option).back();
      const bool is_list = !allowed_values(*option).empty();
      if (is_number(*option)) ++numbers;
      if (is_list) ++lists;
      for (const std::string value : {"-1", "1e3", "abc", "", "0x10", " 5", "a\nb", huge.c_str()}) {
        const std::string message = absurd(*app, *command, *option, value);
        SCOPED_TRACE(full_name(*command) + " " + form + " " + value.substr(0, 20) + ": " +
                     message.substr(0, 400));
        EXPECT_LE(message.size(), 310U);
        EXPECT_EQ(message.find('\n'), std::string::npos);
        EXPECT_EQ(message.find("0000000"), std::string::npos);
        EXPECT_EQ(message.find("Could not convert"), std::string::npos);
        EXPECT_TRUE(!is_number(*option) || message == form + " needs a value" ||
                    message.starts_with(form + " must be a whole number "));
        EXPECT_TRUE(!is_list || message.starts_with(form + " needs a value (one of: ") ||
                    message.starts_with(form + " cannot be \""));
      }
    }
  }
  EXPECT_GE(numbers, 7U);
  EXPECT_GE(lists, 10U);
}

TEST(UsageMessageTest, WhatCli11OrACommandSaysIsKept) {
  EXPECT_EQ(message_for({"sl", "query"}), "sl query requires at least one --measure");
  EXPECT_EQ(message_for({"runtime", "bundle", "ktx.tar.gz"}),
            "path: ktx.tar.gz is no name for a bundle: a folder, or an archive that ends in .zip");
}

}  // namespace
}  // namespace ktx::cli
