// Random documents with comments: an entry that is added and removed leaves every byte as it was.

#include <gtest/gtest.h>

#include <random>

#include "ktx/settings/entry.hpp"

namespace ktx::settings::random_test {
namespace {

const EntryFields fields = {Json{{"command", "/opt/k tx/\"ktx\""}, {"args", {"mcp", "stdio"}}},
                            Json{{"enabled", true}}};

// Makes documents of one language, the same for the same seed.
class Source {
 public:
  explicit Source(unsigned seed) : random_(seed), line_break_(chance(4) ? "\r\n" : "\n") {}

  std::string json() {
    std::string text = chance(6) ? "\xEF\xBB\xBF" : "";
    text += space() + object(3, true) + space();
    return text;
  }

  std::string toml() {
    std::string text = chance(6) ? "\xEF\xBB\xBF" : "";
    for (int n = number(6); n > 0; --n) text += line("k" + std::to_string(n) + " = " + toml_value(2));
    for (int n = number(5); n > 0; --n) {
      const bool is_server = chance(3);
      text +=
          line(is_server ? "[mcp_servers.s" + std::to_string(n) + "]" : "[ t." + std::to_string(n) + " ]");
      for (int m = number(4); m > 0; --m) text += line("\"k " + std::to_string(m) + "\" = " + toml_value(2));
    }
    if (chance(3)) text += "# the end";
    return text;
  }

 private:
  int number(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }
  bool chance(int of) { return number(of) == 0; }
  std::string pick(std::initializer_list<const char*> texts) {
    return *(texts.begin() + number(static_cast<int>(texts.size())));
  }

  std::string space() {
    std::string text;
    for (int n = number(3); n > 0; --n) {
      const int kind = number(8);
      if (kind < 3) text += pick({" ", "  ", "\t"});
      if (kind == 3) text += line_break_ + pick({"", "  ", "    ", "\t"});
      if (kind == 4) text += pick({"/* a */", "/**/", "/* { \" */"});
      if (kind == 5) text += "// it's, } ]" + line_break_;
      if (kind == 6) text += "/* two" + line_break_ + "lines */";
    }
    return text;
  }

  std::string json_value(int depth) {
    const int kind = number(depth > 0 ? 7 : 5);
    if (kind == 5) return object(depth - 1, false);
    if (kind == 6) return list(depth - 1);
    return pick({"1", "-2.5e3", "true", "null", "\"a\"", "\"/* \\\" // }\"", "\"\\\\\"", "\"\xC3\xA4,\""});
  }

  // In one of the two layouts that people write, or in none.
  std::string object(int depth, bool may_hold_entry) {
    std::string text = "{";
    const bool in_lines = chance(2);
    const int count = number(4);
    const int held = may_hold_entry && chance(2) ? number(count + 1) : -1;
    for (int n = 0; n < count; ++n) {
      const std::string key = n == held ? "mcpServers" : "k" + std::to_string(n);
      text += in_lines ? line_break_ + std::string(static_cast<std::size_t>(8 - 2 * depth), ' ') : space();
      text += "\"" + key + "\"" + (chance(3) ? space() : "") + ":" + (chance(3) ? space() : " ");
      text += n == held ? object(depth - 1, false) : json_value(depth);
      const bool has_comma = n + 1 < count || chance(4);
      text += (chance(3) ? space() : "") + (has_comma ? "," : "");
      if (chance(4)) text += " // note" + line_break_;
    }
    return text + (in_lines ? line_break_ : space()) + "}";
  }

  std::string list(int depth) {
    std::string text = "[";
    const int count = number(3);
    for (int n = 0; n < count; ++n)
      text += space() + json_value(depth) + space() + (n + 1 < count || chance(4) ? "," : "");
    return text + space() + "]";
  }

  std::string toml_value(int depth) {
    const int kind = number(depth > 0 ? 8 : 6);
    if (kind == 6)
      return "[" + line_break_ + toml_value(depth - 1) + ", # ] \"" + line_break_ + toml_value(depth - 1) +
             "]";
    if (kind == 7) return "{ a = " + toml_value(0) + ", \"b.c\" = " + toml_value(0) + " }";
    if (kind == 5) return "\"\"\"" + line_break_ + "[mcp_servers.ktx]" + line_break_ + "\\\"\"\" # x \"\"\"";
    return pick({"1", "'[a]'", "\"# \\\" x\"", "1979-05-27T07:32:00Z", "1979-05-27 07:32:00", "+inf", "false",
                 "'''a'b'''"});
  }

  std::string line(const std::string& statement) {
    std::string text =
        pick({"", "", "  ", "\t"}) + statement + pick({"", "", " ", " # [x] '\""}) + line_break_;
    if (chance(3)) text += line_break_;
    if (chance(4)) text += "# it's [mcp_servers.ktx]" + line_break_;
    return text;
  }

  std::mt19937 random_;
  std::string line_break_;
};

void expect_round_trip(const std::string& text, const EntryPath& at, unsigned seed) {
  const std::string added = with_entry(text, "f", at, fields);
  ASSERT_EQ(
      find_entry(added, "f", at),
      std::optional(Json{{"command", "/opt/k tx/\"ktx\""}, {"args", {"mcp", "stdio"}}, {"enabled", true}}))
      << seed << ":\n"
      << added;
  ASSERT_EQ(with_entry(added, "f", at, fields), added) << seed;
  ASSERT_EQ(without_entry(added, "f", at), text) << seed << ":\n" << added;
}

TEST(RandomDocuments, OfJsonAreAsTheyWere) {
  for (unsigned seed = 0; seed < 1500; ++seed) {
    const std::string text = Source(seed).json();
    expect_round_trip(text, {Format::json, {"mcpServers", "ktx"}}, seed);
    expect_round_trip(text, {Format::json, {"mcpServers", "servers", "ktx"}}, seed);
    if (HasFatalFailure()) return;
  }
}

TEST(RandomDocuments, OfTomlAreAsTheyWere) {
  for (unsigned seed = 0; seed < 1500; ++seed) {
    std::string text = Source(seed).toml();
    if (seed % 5 == 0) {
      while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
    }
    expect_round_trip(text, {Format::toml, {"mcp_servers", "ktx"}}, seed);
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace ktx::settings::random_test
