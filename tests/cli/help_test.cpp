#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "app.hpp"
#include "help/command_tree.hpp"
#include "ktx/app/own_command.hpp"
#include "ktx/terminal/text_width.hpp"
#include "options.hpp"

namespace ktx::cli {
namespace {

/// The command line of the program itself, as `main` makes it.
class HelpTest : public testing::Test {
 protected:
  Context context;
  std::unique_ptr<CLI::App> app = make_app(context);
  std::vector<const CLI::App*> commands = all_visible_commands(*app);
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// The command that an example calls: the one its leading words name.
const CLI::App* command_of_example(const CLI::App& root, const std::string& line) {
  const CLI::App* command = &root;
  std::istringstream words(line);
  std::string word;
  words >> word;
  EXPECT_EQ(word, "ktx") << line;
  while (words >> word) {
    const auto children = visible_commands(*command);
    const auto child = std::ranges::find(children, word, [](const CLI::App* one) { return one->get_name(); });
    if (child == children.end()) break;
    command = *child;
  }
  return command;
}

/// The options in an example that neither its command nor the root has.
std::string unknown_options(const CLI::App& root, const std::string& line) {
  const CLI::App* command = command_of_example(root, line);
  std::string unknown;
  std::istringstream words(line);
  for (std::string word; words >> word;) {
    if (!word.starts_with("--")) continue;
    const std::string name = word.substr(0, word.find('='));
    if (command->get_option_no_throw(name) == nullptr && root.get_option_no_throw(name) == nullptr &&
        line != "ktx --version --json") {
      unknown += name + " ";
    }
  }
  return unknown;
}

TEST_F(HelpTest, EveryCommandIsNamedAsItCanBeStarted) {
  for (const CLI::App* command : commands) {
    const std::string name = full_name(*command);
    const std::string expected = command == app.get() ? name : "npx " + name;
    EXPECT_EQ(app::with_own_command(name, "npx ktx"), expected);
  }
}

TEST_F(HelpTest, EveryCommandSaysWhatItIsForAndHasAnExampleOfItself) {
  ASSERT_GT(commands.size(), 10U);
  for (const CLI::App* command : commands) {
    const std::string name = full_name(*command);
    EXPECT_FALSE(command->get_description().empty()) << name;
    const auto examples = examples_of(*command);
    EXPECT_FALSE(examples.empty()) << name << " has no example: add_examples(…)";
    for (const Example& example : examples) {
      EXPECT_TRUE(std::string(example.command_line).starts_with(name)) << example.command_line;
      EXPECT_EQ(unknown_options(*app, example.command_line), "") << example.command_line;
    }
  }
}

TEST_F(HelpTest, EveryOptionAndArgumentIsDescribed) {
  for (const CLI::App* command : commands) {
    for (const CLI::Option* option : visible_options(*command)) {
      EXPECT_FALSE(option->get_description().empty()) << full_name(*command) << " " << option->get_name();
    }
    for (const CLI::Option* argument : arguments_of(*command)) {
      EXPECT_FALSE(argument->get_description().empty()) << full_name(*command) << " " << argument->get_name();
    }
  }
}

TEST_F(HelpTest, EveryHelpFitsEightyColumns) {
  for (const CLI::App* command : commands) {
    for (const std::string& line : lines_of(command->help())) {
      EXPECT_LE(display_width(line), 80U) << full_name(*command) << ": " << line;
    }
  }
}

TEST_F(HelpTest, FitsEightyColumnsWithALongerCommandToo) {
  context.environment.executable = "/opt/team/kaelio_ktx_cli/ktx/bin/ktx";
  context.environment.variables["KTX_LAUNCHER"] = "/opt/team/bin/python3 -m kaelio_ktx_cli";
  ASSERT_EQ(context.worded("ktx sl"), "/opt/team/bin/python3 -m kaelio_ktx_cli sl");
  for (const CLI::App* command : commands) {
    for (const std::string& line : lines_of(command->help())) {
      // An example is one line, to be copied.
      const bool is_example = line.starts_with("  /opt/team/");
      EXPECT_TRUE(is_example || display_width(line) <= 80U) << full_name(*command) << ": " << line;
    }
  }
}

TEST_F(HelpTest, GlobalOptionsAreListedOnce) {
  EXPECT_NE(app->help().find("\nGlobal options:\n"), std::string::npos);
  for (const CLI::App* command : commands) {
    const std::string help = command->help();
    const auto first = help.find("--project-dir");
    ASSERT_NE(first, std::string::npos) << full_name(*command);
    EXPECT_EQ(help.find("--project-dir", first + 1), std::string::npos) << full_name(*command);
  }
}

/// One file for each command: `sl-query.txt`. KTX_UPDATE_GOLDEN=1 writes them anew.
TEST_F(HelpTest, IsAsRecorded) {
  const std::filesystem::path folder = std::filesystem::path(KTX_GOLDEN_DIR).parent_path() / "help";
  const bool update = std::getenv("KTX_UPDATE_GOLDEN") != nullptr;
  if (update) std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  std::size_t files = 0;
  for (const CLI::App* command : commands) {
    std::string name = full_name(*command);
    std::ranges::replace(name, ' ', '-');
    const auto file = folder / (name + ".txt");
    if (update) std::ofstream(file) << command->help();
    std::ostringstream recorded;
    recorded << std::ifstream(file).rdbuf();
    EXPECT_EQ(command->help(), recorded.str()) << file;
    ++files;
  }
  const auto entries = std::filesystem::directory_iterator(folder);
  EXPECT_EQ(std::distance(begin(entries), end(entries)), files) << "a recorded help has no command any more";
}

}  // namespace
}  // namespace ktx::cli
