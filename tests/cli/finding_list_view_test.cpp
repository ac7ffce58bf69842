#include "ktx/output/finding_list_view.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>

#include "ktx/util/json.hpp"

namespace ktx::cli {
namespace {

app::FindingList two_findings() {
  app::FindingList list;
  list.findings = {{{"unknown-key",
                     Severity::error,
                     "a,b:c.yaml",
                     3,
                     5,
                     "100% wrong:\nreally, so",
                     {"columns", "column"},
                     "Remove it",
                     "orders"},
                    "shop"},
                   {{"unreadable-file", Severity::warning, "b.yaml", 0, 0, "cannot be read", {}, ""}, ""}};
  list.sources = 2;
  list.connections = {"shop"};
  return list;
}

TEST(FindingListView, ShowsTextAndASummary) {
  EXPECT_EQ(render_findings_text(two_findings(), false),
            "a,b:c.yaml:3:5: error: 100% wrong:\\nreally, so [unknown-key]\n"
            "  did you mean \"columns\", \"column\"?\n"
            "  fix: Remove it\n"
            "b.yaml: warning: cannot be read [unreadable-file]\n"
            "Invalid: 2 sources of 1 connection, 1 error, 1 warning\n");
}

TEST(FindingListView, SumsUp) {
  app::FindingList list;
  EXPECT_EQ(render_findings_text(list, false), "Valid: 0 sources of 0 connections\n");
  list.connections = {"a", "b"};
  list.sources = 1;
  EXPECT_EQ(render_findings_text(list, false), "Valid: 1 source of 2 connections\n");
  list.source = "orders";
  EXPECT_EQ(render_findings_text(list, false),
            "Valid semantic-layer source: a/orders\nValid semantic-layer source: b/orders\n");
  list.errors_elsewhere = 2;
  list.connections = {"a"};
  EXPECT_EQ(render_findings_text(list, false),
            "Valid semantic-layer source: a/orders\n"
            "Other sources have 2 errors; what needs them was not checked (ktx sl validate)\n");
}

/// So many findings of one kind, each on a line of its own.
void add_findings(app::FindingList& list, const std::string& code, Severity severity, std::uint32_t count) {
  for (std::uint32_t line = 1; line <= count; ++line) {
    list.findings.push_back({{code, severity, "a.yaml", line, 1, "m", {}, ""}, "shop"});
  }
}

std::size_t line_count(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

TEST(FindingListView, CountsManyOfOneKind) {
  app::FindingList list;
  add_findings(list, "few", Severity::warning, 3);
  EXPECT_EQ(line_count(render_findings_text(list, false)), 4U);
  add_findings(list, "many", Severity::warning, 41);
  EXPECT_EQ(render_findings_text(list, false),
            "a.yaml:1:1: warning: m [few]\n"
            "a.yaml:2:1: warning: m [few]\n"
            "a.yaml:3:1: warning: m [few]\n"
            "a.yaml:1:1: warning: m [many]\n"
            "  and 40 more warnings of this kind; --verbose lists them\n"
            "Valid: 0 sources of 0 connections, 44 warnings\n");
  EXPECT_EQ(line_count(render_findings_text(list, true)), 45U);
  EXPECT_EQ(line_count(render_findings_github(list, "")), 44U);
  EXPECT_EQ(Json::parse(render_findings_json(list))["findings"].size(), 44U);
}

TEST(FindingListView, CountsErrorsOnlyWhenThereAreVeryMany) {
  app::FindingList list;
  add_findings(list, "wrong", Severity::error, 20);
  EXPECT_EQ(line_count(render_findings_text(list, false)), 21U);
  // The same code as a warning is another kind.
  add_findings(list, "wrong", Severity::warning, 1);
  EXPECT_EQ(line_count(render_findings_text(list, false)), 22U);
  add_findings(list, "wrong", Severity::error, 1);
  const std::string text = render_findings_text(list, false);
  EXPECT_NE(text.find("\n  and 1 more error of this kind; --verbose lists it\n"), std::string::npos) << text;
  EXPECT_EQ(line_count(text), 23U);
  EXPECT_EQ(line_count(render_findings_text(list, true)), 23U);
}

TEST(FindingListView, HintsAreCountedOnly) {
  app::FindingList list;
  add_findings(list, "same", Severity::hint, 1);
  EXPECT_EQ(render_findings_text(list, false),
            "Valid: 0 sources of 0 connections, 1 hint (--verbose lists it)\n");
  EXPECT_EQ(render_findings_text(list, true),
            "a.yaml:1:1: hint: m [same]\nValid: 0 sources of 0 connections, 1 hint\n");
  EXPECT_EQ(render_findings_github(list, ""), "::notice file=a.yaml,line=1,col=1,title=same::m\n");
  EXPECT_EQ(Json::parse(render_findings_json(list))["hints"], 1);
  add_findings(list, "same", Severity::hint, 1);
  list.source = "orders";
  list.connections = {"shop"};
  EXPECT_EQ(render_findings_text(list, false),
            "Valid semantic-layer source: shop/orders, 2 hints (--verbose lists them)\n");
}

TEST(FindingListView, IsOneJsonObject) {
  const Json object = Json::parse(render_findings_json(two_findings()));
  EXPECT_EQ(compact_json(object["findings"][0]),
            R"({"code":"unknown-key","severity":"error","file":"a,b:c.yaml","line":3,"column":5,)"
            R"("message":"100% wrong:\nreally, so","suggestions":["columns","column"],"fix":"Remove it",)"
            R"("connectionId":"shop","source":"orders"})");
  EXPECT_EQ(compact_json(object["findings"][1]),
            R"({"code":"unreadable-file","severity":"warning","file":"b.yaml","line":null,"column":null,)"
            R"("message":"cannot be read","suggestions":[],"fix":null,"connectionId":null,"source":null})");
  EXPECT_EQ(object["errors"], 1);
  EXPECT_EQ(object["warnings"], 1);
  EXPECT_EQ(object["hints"], 0);
  EXPECT_EQ(object["sources"], 2);
}

TEST(FindingListView, IsWorkflowCommandsWithTheirEscapes) {
  EXPECT_EQ(render_findings_github(two_findings(), "models/"),
            "::error file=models/a%2Cb%3Ac.yaml,line=3,col=5,title=unknown-key::100%25 wrong:\\nreally, so"
            "%0Adid you mean \"columns\", \"column\"?%0Afix: Remove it\n"
            "::warning file=models/b.yaml,title=unreadable-file::cannot be read\n");
  EXPECT_EQ(render_findings_github({}, ""), "");
}

}  // namespace
}  // namespace ktx::cli
