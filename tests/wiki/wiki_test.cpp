#include "ktx/wiki/wiki.hpp"

#include <gtest/gtest.h>

#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/wiki/page.hpp"
#include "temporary_directory.hpp"

namespace ktx::wiki {
namespace {

class WikiTest : public testing::Test {
 protected:
  Wiki load(const std::string& user = "local") { return load_wiki(folder_.path(), user); }

  /// "SCOPE key path" of each page.
  std::string keys(const std::string& user = "local") {
    std::string text;
    for (const Page& page : load(user).pages) {
      text += std::string(name(page.scope)) + " " + page.key + " " + page.path + "\n";
    }
    return text;
  }

  static PageDraft draft(const std::string& key) {
    PageDraft draft;
    draft.key = key;
    draft.summary = "What it is: a \"test\"";
    draft.content = "Text.\n";
    return draft;
  }

  test::TemporaryDirectory folder_;
};

TEST_F(WikiTest, ReadsFrontMatterAndContent) {
  folder_.write(
      "wiki/global/revenue.md",
      "---\r\nsummary: Paid value\r\ntags: [finance, 2024]\r\nrefs:\r\n  - refunds\r\nsl_refs: [orders]\r\n"
      "---\r\n\r\nFirst.\r\n\r\n---\r\nLast.\r\n\r\n");
  const Wiki wiki = load();
  ASSERT_EQ(wiki.pages.size(), 1U);
  const Page& page = wiki.pages[0];
  EXPECT_EQ(page.summary, "Paid value");
  EXPECT_EQ(page.tags, (std::vector<std::string>{"finance", "2024"}));
  EXPECT_EQ(page.refs, std::vector<std::string>{"refunds"});
  EXPECT_EQ(page.sl_refs, std::vector<std::string>{"orders"});
  EXPECT_EQ(page.content, "First.\r\n\r\n---\r\nLast.");
}

TEST_F(WikiTest, APageNeedsNoFrontMatter) {
  folder_.write("wiki/global/plain.md", "# Plain\n\n---\nsummary: no\n---\n");
  folder_.write("wiki/global/open.md", "---\nsummary: never closed\n");
  folder_.write("wiki/global/empty.md", "");
  const Wiki wiki = load();
  EXPECT_TRUE(wiki.findings.empty());
  EXPECT_EQ(wiki.find("plain")->content, "# Plain\n\n---\nsummary: no\n---");
  EXPECT_EQ(wiki.find("open")->content, "---\nsummary: never closed");
  EXPECT_EQ(wiki.find("empty")->content, "");
  EXPECT_EQ(wiki.find("nothing"), nullptr);
}

TEST_F(WikiTest, AUsersPageHidesTheOneForAll) {
  folder_.write("wiki/global/a.md", "all");
  folder_.write("wiki/global/deep/er/b.md", "all");
  folder_.write("wiki/user/local/a.md", "mine");
  folder_.write("wiki/user/other/c.md", "theirs");
  folder_.write("wiki/global/.hidden/d.md", "no");
  folder_.write("wiki/global/notes.txt", "no");
  EXPECT_EQ(keys(), "USER a wiki/user/local/a.md\nGLOBAL deep/er/b wiki/global/deep/er/b.md\n");
  EXPECT_EQ(keys("other"),
            "GLOBAL a wiki/global/a.md\nUSER c wiki/user/other/c.md\n"
            "GLOBAL deep/er/b wiki/global/deep/er/b.md\n");
}

TEST_F(WikiTest, OlderProjectsKeepTheirsInKnowledge) {
  folder_.write("knowledge/global/a.md", "older");
  folder_.write("knowledge/user/local/b.md", "older");
  EXPECT_EQ(keys(), "GLOBAL a knowledge/global/a.md\nUSER b knowledge/user/local/b.md\n");
  folder_.write("wiki/global/a.md", "newer");
  const Wiki wiki = load();
  EXPECT_EQ(wiki.find("a")->content, "newer");
  ASSERT_EQ(wiki.findings.size(), 1U);
  EXPECT_EQ(wiki.findings[0].code, "duplicate-page");
  EXPECT_EQ(wiki.findings[0].file, "knowledge/global/a.md");
}

TEST_F(WikiTest, AWrongPageIsAFindingAtItsPlace) {
  folder_.write("wiki/global/bad.md", "---\nsummary: x\ntags: [a\n---\n\nText\n");
  folder_.write("wiki/global/good.md", "---\nsummary: y\n---\n\nText\n");
  folder_.write("wiki/global/list.md", "---\n- x\n---\n\nText\n");
  const Wiki wiki = load();
  EXPECT_EQ(wiki.pages.size(), 1U);
  ASSERT_EQ(wiki.findings.size(), 2U);
  EXPECT_EQ(wiki.findings[0].file, "wiki/global/bad.md");
  EXPECT_GE(wiki.findings[0].line, 3U);
  EXPECT_EQ(wiki.findings[1].file, "wiki/global/list.md");
  EXPECT_EQ(wiki.findings[1].line, 2U);
}

TEST_F(WikiTest, KeysAndUsersArePathsThatStayInTheirFolder) {
  for (const char* key : {"revenue", "finance/revenue", "Umsatz 2024", "é"})
    EXPECT_TRUE(is_page_key(key)) << key;
  for (const char* key : {"", " ", "../a", "a/../b", "a\\b", "a//b", "/a", ".a", "a/.b", "a/", "a\nb"}) {
    EXPECT_FALSE(is_page_key(key)) << key;
  }
  EXPECT_TRUE(is_page_key(std::string(120, 'a')));
  EXPECT_FALSE(is_page_key(std::string(121, 'a')));
  EXPECT_TRUE(is_user_id("ann@example.com"));
  EXPECT_FALSE(is_user_id("a/b"));
}

TEST_F(WikiTest, WritesAPageThatItReads) {
  PageDraft page = draft("finance/revenue");
  page.tags = {"yes", "2024"};
  page.sl_refs = {"orders.revenue"};
  EXPECT_EQ(write_page(folder_.path(), page), "wiki/global/finance/revenue.md");
  EXPECT_EQ(read_file(folder_ / "wiki/global/finance/revenue.md"),
            "---\nsummary: 'What it is: a \"test\"'\ntags:\n- 'yes'\n- '2024'\nrefs: []\nsl_refs:\n- "
            "orders.revenue\n"
            "usage_mode: auto\n---\n\nText.\n");
  EXPECT_EQ(load().find("finance/revenue")->tags, (std::vector<std::string>{"yes", "2024"}));
}

TEST_F(WikiTest, WhatElseAPageHoldsStays) {
  folder_.write("knowledge/user/ann/a.md",
                "---\nsummary: old\nintent: find it\ntags: [kept]\nusage:\n  executions: 12\nusage_mode: "
                "never\n---\n\nOld\n");
  PageDraft page = draft("a");
  page.scope = Scope::user;
  page.user = "ann";
  page.refs = {"b"};
  EXPECT_EQ(write_page(folder_.path(), page), "knowledge/user/ann/a.md");
  EXPECT_EQ(
      read_file(folder_ / "knowledge/user/ann/a.md"),
      "---\nsummary: 'What it is: a \"test\"'\nintent: find it\ntags:\n- kept\nusage:\n  executions: 12\n"
      "usage_mode: never\nrefs:\n- b\nsl_refs: []\n---\n\nText.\n");
}

TEST_F(WikiTest, NewPagesGoWhereTheProjectKeepsThem) {
  folder_.write("knowledge/global/a.md", "older");
  EXPECT_EQ(write_page(folder_.path(), draft("b")), "knowledge/global/b.md");
  folder_.write("wiki/global/c.md", "newer");
  EXPECT_EQ(write_page(folder_.path(), draft("d")), "wiki/global/d.md");
  EXPECT_EQ(write_page(folder_.path(), draft("a")), "knowledge/global/a.md");
}

TEST_F(WikiTest, AFileThatCannotBeReadIsNotOverwritten) {
  const std::string text = "---\nsummary: [\n---\n\nText\n";
  folder_.write("wiki/global/a.md", text);
  try {
    write_page(folder_.path(), draft("a"));
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.message().substr(0, 19), "wiki/global/a.md:3:") << error.message();
  }
  EXPECT_EQ(read_file(folder_ / "wiki/global/a.md"), text);
}

}  // namespace
}  // namespace ktx::wiki
