#include "ktx/util/finding.hpp"

#include <gtest/gtest.h>

namespace ktx {
namespace {

const Finding full = {"unknown-key", Severity::error, "a.yaml",   3, 5,
                      "unknown key", {"columns"},     "Remove it"};
const Finding bare = {"unreadable-file", Severity::warning, "b.yaml", 0, 0, "cannot be read", {}, ""};

TEST(Finding, IsRenderedForATerminal) {
  EXPECT_EQ(render(full),
            "a.yaml:3:5: error: unknown key [unknown-key]\n  did you mean \"columns\"?\n  fix: Remove it\n");
  Finding two = full;
  two.suggestions.emplace_back("column");
  EXPECT_NE(render(two).find("did you mean \"columns\", \"column\"?"), std::string::npos);
  EXPECT_EQ(render(bare), "b.yaml: warning: cannot be read [unreadable-file]\n");
}

TEST(Finding, IsTheSameObjectInJson) {
  EXPECT_EQ(compact_json(to_json(full)),
            R"({"code":"unknown-key","severity":"error","file":"a.yaml","line":3,"column":5,)"
            R"("message":"unknown key","suggestions":["columns"],"fix":"Remove it"})");
  EXPECT_EQ(compact_json(to_json(bare)),
            R"({"code":"unreadable-file","severity":"warning","file":"b.yaml","line":null,"column":null,)"
            R"("message":"cannot be read","suggestions":[],"fix":null})");
}

TEST(Finding, SeveritiesHaveNames) {
  for (const Severity severity : {Severity::error, Severity::warning, Severity::hint}) {
    EXPECT_EQ(severity_named(name(severity)), severity);
  }
  EXPECT_EQ(name(Severity::hint), "hint");
  EXPECT_EQ(severity_named("fatal"), std::nullopt);
}

TEST(Finding, PlacesAreText) {
  EXPECT_EQ(text_of({"a.yaml", 3, 5}), "a.yaml:3:5");
  EXPECT_EQ(text_of({"a.yaml"}), "a.yaml");
}

TEST(Finding, BecomesAnErrorInOneLine) {
  const Error error = to_error(full, ErrorKind::project);
  EXPECT_EQ(error.message(), "a.yaml:3:5: unknown key; did you mean \"columns\"?");
  EXPECT_EQ(error.fix(), "Remove it");
}

TEST(Finding, SortsByPlace) {
  std::vector<Finding> findings = {bare, full, full};
  findings[2].line = 2;
  sort_by_place(findings);
  EXPECT_EQ(findings[0].line, 2U);
  EXPECT_EQ(findings[1].line, 3U);
  EXPECT_EQ(findings[2].file, "b.yaml");
  EXPECT_TRUE(has_errors(findings));
  Finding hint = full;
  hint.severity = Severity::hint;
  EXPECT_FALSE(has_errors({bare, hint}));
}

}  // namespace
}  // namespace ktx
