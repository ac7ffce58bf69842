#include "output/finding_list_view.hpp"

#include <gtest/gtest.h>

#include "ktx/util/json.hpp"

namespace ktx::cli {
namespace {

using project::Diagnostic;
using project::Severity;

FindingList two_findings() {
  FindingList list;
  list.findings = {
      {{"unknown-key",
        Severity::error,
        "a,b:c.yaml",
        3,
        5,
        "100% wrong:\nreally, so",
        {"columns", "column"},
        "Remove it",
        "orders"},
       "shop",
       {}},
      {{"unreadable-file", Severity::warning, "b.yaml", 0, 0, "cannot be read", {}, ""}, "", {}}};
  list.sources = 2;
  list.connections = {"shop"};
  return list;
}

TEST(FindingListView, ShowsTextAndASummary) {
  EXPECT_EQ(render_findings_text(two_findings()),
            "a,b:c.yaml:3:5: error: 100% wrong:\nreally, so [unknown-key]\n"
            "  did you mean \"columns\", \"column\"?\n"
            "  fix: Remove it\n"
            "b.yaml: warning: cannot be read [unreadable-file]\n"
            "Invalid: 2 sources of 1 connection, 1 error, 1 warning\n");
}

TEST(FindingListView, SumsUp) {
  FindingList list;
  EXPECT_EQ(render_findings_text(list), "Valid: 0 sources of 0 connections\n");
  list.connections = {"a", "b"};
  list.sources = 1;
  EXPECT_EQ(render_findings_text(list), "Valid: 1 source of 2 connections\n");
  list.source = "orders";
  EXPECT_EQ(render_findings_text(list),
            "Valid semantic-layer source: a/orders\nValid semantic-layer source: b/orders\n");
  list.errors_elsewhere = 2;
  list.connections = {"a"};
  EXPECT_EQ(render_findings_text(list),
            "Valid semantic-layer source: a/orders\n"
            "Other sources have 2 errors; what needs them was not checked (ktx sl validate)\n");
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
  EXPECT_EQ(object["sources"], 2);
}

TEST(FindingListView, IsWorkflowCommandsWithTheirEscapes) {
  EXPECT_EQ(render_findings_github(two_findings(), "models/"),
            "::error file=models/a%2Cb%3Ac.yaml,line=3,col=5,title=unknown-key::100%25 wrong:%0Areally, so"
            "%0Adid you mean \"columns\", \"column\"?%0Afix: Remove it\n"
            "::warning file=models/b.yaml,title=unreadable-file::cannot be read\n");
  EXPECT_EQ(render_findings_github({}, ""), "");
}

}  // namespace
}  // namespace ktx::cli
