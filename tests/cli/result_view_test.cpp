// Tables that fit, records, Markdown: on chosen results and on random ones.
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <sstream>

#include "golden.hpp"
#include "ktx/output/result_views.hpp"
#include "ktx/terminal/shown_text.hpp"
#include "ktx/terminal/text_width.hpp"
#include "table_columns.hpp"

namespace ktx::cli {
namespace {

using database::Value;
using ktx::test::expect_golden;

const std::filesystem::path goldens = KTX_GOLDEN_DIR;

std::vector<std::string> view_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// Every kind of cell that a table could stumble over, and a text that is longer than any screen.
const std::vector<std::string> shop_headers = {"customers.name", "orders.note", "orders.paid",
                                               "orders.revenue", "orders.total share of it"};

database::Result shop_result() {
  database::Result result;
  result.columns = shop_headers;
  result.rows = {
      {"Zoë Müller", std::string(120, 'x'), true, database::Decimal{"1234.50"}, 0.25},
      {std::monostate{}, "NULL", std::monostate{}, database::Decimal{"-7.05"}, std::monostate{}},
      {"数据数据数据数据数据", "two\nlines\tand \x1B[31m", false, std::int64_t{3}, 12.5},
      {"e\u0301e\u0301e\u0301", "a|b*c_d_ <i>", true, std::monostate{}, 100.125},
  };
  return result;
}

TableText shop_table(std::optional<std::size_t> columns, const Style& style = {}) {
  const database::Result result = shop_result();
  return render_table({shop_headers, result}, style, columns);
}

TEST(ResultTable, AsWideAsItsCellsWithoutATerminal) {
  const TableText table = shop_table({});
  EXPECT_FALSE(table.is_cut);
  expect_golden(goldens / "result.wide.txt", table.text);
}

TEST(ResultTable, FitsTheTerminal) {
  expect_golden(goldens / "result.80.txt", shop_table(80).text);
  EXPECT_TRUE(shop_table(80).is_cut);
  EXPECT_FALSE(shop_table(80).needed_columns);
  expect_golden(goldens / "result.200.txt", shop_table(200).text);
}

TEST(ResultTable, IsRecordsWhereNoTableFits) {
  const TableText records = shop_table(40);
  expect_golden(goldens / "result.40.txt", records.text);
  ASSERT_TRUE(records.needed_columns);
  EXPECT_FALSE(shop_table(*records.needed_columns).needed_columns);
  EXPECT_TRUE(shop_table(*records.needed_columns - 1).needed_columns);
}

TEST(ResultTable, ColourSetsOffHeadersAndNulls) {
  const std::string text = shown(shop_table(80, {true, true}).text, true);
  EXPECT_NE(text.find("\x1B[2mNULL\x1B[0m"), std::string::npos);
  EXPECT_NE(text.find("\x1B[1m"), std::string::npos);
  std::string plain = text;
  for (const std::string code : {"\x1B[1m", "\x1B[2m", "\x1B[0m"}) {
    for (std::size_t at = 0; (at = plain.find(code)) != std::string::npos;) plain.erase(at, code.size());
  }
  // Spaces at the end of a line stay where a colour ends behind them.
  EXPECT_EQ(view_lines(plain).size(), view_lines(shop_table(80).text).size());
}

TEST(ResultTable, ATextThatReadsNullIsNotNull) {
  database::Result result;
  result.rows = {{"NULL"}, {std::monostate{}}};
  const std::vector<std::string> headers = {"x"};
  EXPECT_EQ(render_table({headers, result}, {}, {}).text, "x\n------\n\"NULL\"\nNULL\n");
}

TEST(ResultTable, TypesDecideWhatValuesCannot) {
  database::Result result;
  result.types = {database::ColumnType::number, database::ColumnType::text};
  result.rows = {{std::monostate{}, std::int64_t{1}}};
  const std::vector<std::string> headers = {"number", "text"};
  EXPECT_EQ(render_table({headers, result}, {}, {}).text, "number  text\n------  ----\n  NULL  1\n");
}

TEST(ResultMarkdown, IsGitHubsTable) {
  const database::Result result = shop_result();
  expect_golden(goldens / "result.md", render_markdown({shop_headers, result}));
}

TEST(ShareWidth, TheWidestGiveFirstAndNothingIsWasted) {
  EXPECT_EQ(share_width({{5, 3}, {50, 8}, {30, 8}}, 35), (std::vector<std::size_t>{5, 15, 15}));
  EXPECT_EQ(share_width({{5, 3}, {50, 8}, {30, 8}}, 36), (std::vector<std::size_t>{5, 16, 15}));
  EXPECT_EQ(share_width({{5, 5}, {9, 9}}, 20), (std::vector<std::size_t>{5, 9}));
  EXPECT_EQ(share_width({{20, 20}, {50, 8}}, 30), (std::vector<std::size_t>{20, 10}));
  EXPECT_FALSE(share_width({{20, 20}, {50, 8}}, 27));
  EXPECT_EQ(share_width({}, 0), std::vector<std::size_t>{});
}

TEST(ResultTable, BreaksItsHeadersBeforeItCutsAnything) {
  database::Result result;
  result.rows = {{"Bavaria", std::int64_t{477}, 0.25}, {"Vienna", std::int64_t{566}, 0.5}};
  const std::vector<std::string> headers = {"regions.name", "orders.order_count", "orders.cancellation_rate"};
  const TableText table = render_table({headers, result}, {}, 36);
  EXPECT_EQ(table.text,
            "              orders.        orders.\n"
            "regions.       order_  cancellation_\n"
            "name            count           rate\n"
            "----------  ---------  -------------\n"
            "Bavaria           477           0.25\n"
            "Vienna            566           0.5\n");
  EXPECT_FALSE(table.is_cut);
}

TEST(TableHeader, IsBrokenBehindPointsAndUnderscores) {
  const auto lines = [](const std::string& header, std::size_t columns) {
    return break_header(header, columns, "…").lines;
  };
  using Lines = std::vector<std::string>;
  EXPECT_EQ(lines("orders.order_count", 18), Lines{"orders.order_count"});
  EXPECT_EQ(lines("orders.order_count", 17), (Lines{"orders.order_", "count"}));
  EXPECT_EQ(lines("orders.order_count", 12), (Lines{"orders.", "order_count"}));
  EXPECT_EQ(lines("orders.order_count", 7), (Lines{"orders.", "order_", "count"}));
  EXPECT_EQ(lines("share of all orders", 9), (Lines{"share of", "all", "orders"}));
  EXPECT_EQ(least_header_width("orders.order_count"), 7U);
  EXPECT_EQ(least_header_width("number"), 6U);
}

TEST(TableHeader, IsCutWhereThreeLinesAreNotEnough) {
  using Lines = std::vector<std::string>;
  const TableHeader name = break_header("orders.order_count", 6, "…");
  EXPECT_TRUE(name.is_cut);
  EXPECT_EQ(name.lines, (Lines{"order…", "order_", "count"}));
  EXPECT_EQ(break_header("a_b_c_d_e_f", 2, "~").lines, (Lines{"a_", "b_", "c~"}));
  EXPECT_EQ(break_header("a_b_c_d_e_f", 3, "~").lines, (Lines{"a_", "b_", "c_~"}));
  EXPECT_EQ(break_header("s.b_c_d_e_f", 3, "~").lines, (Lines{"~c_", "d_", "e_f"}));
  EXPECT_EQ(break_header("one two three four", 6, "…").lines, (Lines{"one", "two", "three…"}));
  EXPECT_EQ(break_header("revenue", 5, "…").lines, Lines{"reve…"});
}

TEST(CutToWidth, CountsCellsAndKeepsCharactersWhole) {
  EXPECT_EQ(cut_to_width("abcdef", 6), "abcdef");
  EXPECT_EQ(cut_to_width("abcdef", 5), "abcd…");
  EXPECT_EQ(cut_to_width("数据数", 5), "数据…");
  EXPECT_EQ(cut_to_width("数据数", 4), "数…");
  EXPECT_EQ(cut_to_width("abc", 0), "");
  EXPECT_EQ(cut_start_to_width("orders.revenue", 9), "….revenue");
  EXPECT_EQ(cut_start_to_width("数据数", 4), "…数");
  EXPECT_EQ(cut_start_to_width("ae\u0301bc", 3), "…bc");
}

/// Results of any shape, with texts of every width and numbers of any size.
class RandomResults {
 public:
  explicit RandomResults(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t bound) { return random_() % bound; }

  std::string text() {
    constexpr std::array<const char*, 10> parts = {"a",  "word ", "数", "e\u0301", "\n",
                                                   "\t", "|",     "\"", "_",       "\x1B"};
    std::string text;
    for (std::size_t i = below(40); i > 0; --i) text += parts[below(parts.size())];
    return text;
  }

  Value value(std::size_t kind) {
    if (below(6) == 0) return std::monostate{};
    switch (kind) {
      case 0: return static_cast<std::int64_t>(below(1'000'000)) - 500'000;
      case 1: return static_cast<double>(below(100'000)) / 128.0;
      case 2: return database::Decimal{std::to_string(below(100'000)) + ".25"};
      case 3: return below(2) == 0;
      default: return text();
    }
  }

  database::Result result() {
    database::Result result;
    const std::size_t columns = 1 + below(9);
    std::vector<std::size_t> kinds;
    for (std::size_t i = 0; i < columns; ++i) {
      result.columns.push_back("column " + std::to_string(i) + text());
      kinds.push_back(below(6));
    }
    for (std::size_t row = below(8); row > 0; --row) {
      auto& cells = result.rows.emplace_back();
      for (const std::size_t kind : kinds) cells.push_back(value(kind));
    }
    return result;
  }

 private:
  std::mt19937 random_;
};

TEST(ResultProperties, NoLineIsWiderThanTheTerminal) {
  for (unsigned seed = 0; seed < 400; ++seed) {
    RandomResults random(seed);
    const database::Result result = random.result();
    const std::size_t columns = 12 + random.below(140);
    const TableText table = render_table({result.columns, result}, {false, seed % 2 == 0}, columns);
    for (const std::string& line : view_lines(table.text)) {
      ASSERT_LE(display_width(line), columns) << "seed " << seed << ": " << line;
    }
    const std::size_t lines = view_lines(table.text).size();
    const std::size_t rows = result.rows.size();
    if (table.needed_columns) {
      ASSERT_EQ(lines, rows * (result.columns.size() + 1)) << seed;
    } else {
      ASSERT_TRUE(lines >= rows + 2 && lines <= rows + 4) << seed;  // a header has three lines at most
    }
  }
}

TEST(ResultProperties, ANumberIsNeverCut) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    RandomResults random(seed);
    database::Result result = random.result();
    for (auto& row : result.rows) row.back() = static_cast<std::int64_t>(1'000'000 + seed);
    const TableText table = render_table({result.columns, result}, {}, 12 + random.below(100));
    std::size_t found = 0;
    for (const std::string& line : view_lines(table.text)) {
      found += line.ends_with(std::to_string(1'000'000 + seed)) ? 1U : 0U;
    }
    if (!table.needed_columns) {
      ASSERT_EQ(found, result.rows.size()) << seed;
    }
  }
}

/// The fields of one line of Markdown, split as GitHub splits it.
std::size_t markdown_fields(const std::string& line) {
  std::size_t bars = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\') {
      ++i;
    } else if (line[i] == '|') {
      ++bars;
    }
  }
  return bars - 1;
}

TEST(ResultProperties, EveryRowIsInMarkdownAndCsv) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    RandomResults random(seed);
    const database::Result result = random.result();
    const auto lines = view_lines(render_markdown({result.columns, result}));
    ASSERT_EQ(lines.size(), result.rows.size() + 2) << seed;
    for (const std::string& line : lines) ASSERT_EQ(markdown_fields(line), result.columns.size()) << line;
    const std::string csv = render_csv({result.columns, result});
    std::size_t records = 0;
    bool quoted = false;
    for (const char c : csv) {
      if (c == '"') quoted = !quoted;
      records += !quoted && c == '\r' ? 1U : 0U;
    }
    ASSERT_EQ(records, result.rows.size() + 1) << seed;
  }
}

}  // namespace
}  // namespace ktx::cli
