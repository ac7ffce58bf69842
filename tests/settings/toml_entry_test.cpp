// An entry in TOML: a table of its own, written into a text, changed, and taken out again.

#include <gtest/gtest.h>

#include "ktx/settings/entry.hpp"
#include "ktx/util/error.hpp"

namespace ktx::settings::toml_test {
namespace {

const EntryPath path = {Format::toml, {"mcp_servers", "ktx"}};
const EntryFields fields = {Json{{"command", "ktx"}, {"args", {"mcp", "stdio"}}}};
const std::string table = "[mcp_servers.ktx]\ncommand = \"ktx\"\nargs = [\"mcp\", \"stdio\"]\n";

std::string with(std::string_view text) { return with_entry(text, "c.toml", path, fields); }
std::string without(std::string_view text) { return without_entry(text, "c.toml", path); }

std::string fault_of(std::string_view text) {
  try {
    with(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::io);
    return error.message();
  }
  return "no error";
}

TEST(TomlEntry, IsATableBehindEverythingElse) {
  EXPECT_EQ(with(""), table);
  EXPECT_EQ(with("model = \"o3\"\n"), "model = \"o3\"\n\n" + table);
  EXPECT_EQ(with("a = 1"), "a = 1\n\n" + table.substr(0, table.size() - 1));
  EXPECT_EQ(with("a = 1\r\n"),
            "a = 1\r\n\r\n[mcp_servers.ktx]\r\ncommand = \"ktx\"\r\nargs = [\"mcp\", \"stdio\"]\r\n");
}

TEST(TomlEntry, LeavesATextAsItWasWhenItIsTakenOut) {
  for (const char* text :
       {"", "\n", "\r\n", "  ", "# c", "# c\n", "\xEF\xBB\xBF", "\xEF\xBB\xBF# c\r\n", "a = 1", "a = 1\n\n\n",
        "[mcp_servers.b]\ncommand = 'x'\n", "mcp_servers.b.command = \"x\"\n", "[mcp_servers]\n",
        "t = \"\"\"\n[mcp_servers.ktx]\n\"\"\"\n", "t = '''\n[mcp_servers.ktx]'''''\n",
        "a = [\n  1, # ]\n  \"[mcp_servers.ktx]\",\n]\n[[x]]\n", "d = 1979-05-27 07:32:00Z # at\n"}) {
    const std::string added = with(text);
    EXPECT_EQ(find_entry(added, "c", path), std::optional(fields.always)) << text;
    EXPECT_EQ(with(added), added) << text;
    EXPECT_EQ(without(added), text) << added;
  }
}

TEST(TomlEntry, ChangesOnlyTheFieldsThatDiffer) {
  EXPECT_EQ(with("[mcp_servers.ktx] # mine\ncommand = 'old' # c\nenabled = false\nargs = [\n \"mcp\", "
                 "'stdio', ]\n[z]\n"),
            "[mcp_servers.ktx] # mine\ncommand = \"ktx\" # c\nenabled = false\nargs = [\n \"mcp\", 'stdio', "
            "]\n[z]\n");
  EXPECT_EQ(with("[mcp_servers.ktx]\ncommand = \"ktx\"\n\n[z]\n"),
            "[mcp_servers.ktx]\nargs = [\"mcp\", \"stdio\"]\ncommand = \"ktx\"\n\n[z]\n");
  EXPECT_EQ(with("[mcp_servers]\nktx = { command = \"old\", env = { A = \"b\" } }\n"),
            "[mcp_servers]\nktx = { command = \"ktx\", env = { A = \"b\" }, args = [\"mcp\", \"stdio\"] }\n");
  EXPECT_EQ(with("[mcp_servers.ktx]\nurl = \"http://x\"\n[z]\n"), "[z]\n\n" + table);
}

TEST(TomlEntry, IsTakenOutWithItsTables) {
  EXPECT_EQ(
      without(
          "a = 1\n\n[mcp_servers.ktx]\ncommand = \"x\"\n\n[mcp_servers.ktx.env]\nA = \"b\"\n\n# of z\n[z]\n"),
      "a = 1\n\n# of z\n[z]\n");
  EXPECT_EQ(without("[mcp_servers]\nktx = {}\nb = {}\n"), "[mcp_servers]\nb = {}\n");
  EXPECT_EQ(without("[mcp_servers.\"ktx\"]\n"), "");
  EXPECT_EQ(without("[mcp_servers.ktxx]\n"), "[mcp_servers.ktxx]\n");
}

TEST(TomlEntry, SaysWhereATextIsNotUnderstood) {
  EXPECT_EQ(fault_of("a = 1\nb = \n"), "c.toml:2:5: a value was expected here");
  EXPECT_EQ(fault_of("[a"), "c.toml:1:3: ] was expected here");
  EXPECT_EQ(fault_of("a = \"x\nb = 1\n"), "c.toml:1:5: this text is not closed");
  EXPECT_EQ(fault_of("a = '''x"), "c.toml:1:5: this text is not closed");
  EXPECT_EQ(fault_of("a = 1 b = 2"), "c.toml:1:7: the end of the line was expected here");
  EXPECT_EQ(fault_of("a = \"\\q\""), "c.toml:1:6: this escape is none of TOML");
  EXPECT_EQ(fault_of("mcp_servers = {}\n"), "c.toml:1:1: a table [mcp_servers] was expected here");
  EXPECT_EQ(fault_of("[[mcp_servers]]\n"), "c.toml:1:1: a table [mcp_servers] was expected here");
  EXPECT_EQ(fault_of("[mcp_servers]\nktx.command = \"x\"\n"),
            "c.toml:2:1: a table [mcp_servers.ktx] was expected here");
  EXPECT_EQ(fault_of("a = \xFF\n"), "c.toml:1:5: these bytes are not UTF-8");
  EXPECT_EQ(fault_of("a = 1\rb = 2"), "c.toml:1:6: the end of the line was expected here");
}

TEST(TomlEntry, IsShownWithoutTheSecretsOfOthers) {
  EXPECT_EQ(without_secrets("k = \"s\" # c\nt = [\n 's',\n]\non = true\n[mcp_servers.ktx]\ncommand = "
                            "\"ktx\"\nenv = { K = \"s\" }\n",
                            "c", path),
            "k = \"…\" # c\nt = \"…\"\n\n\non = true\n[mcp_servers.ktx]\ncommand = \"ktx\"\nenv = \"…\"\n");
}

}  // namespace
}  // namespace ktx::settings::toml_test
