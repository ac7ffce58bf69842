#include "ktx/project/source_tree.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "golden.hpp"
#include "temporary_directory.hpp"

namespace ktx::project {
namespace {

namespace fs = std::filesystem;

const fs::path golden = KTX_GOLDEN_DIR;

std::string rendered(const SourceTree& tree) {
  std::string text;
  for (const Finding& finding : tree.findings) text += render(finding);
  return text;
}

std::vector<std::string> cases() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(golden)) names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

class GoldenTree : public testing::TestWithParam<std::string> {};

/// Each folder is a project with a connection `warehouse`, its findings as a terminal shows them, and,
/// when these hold no error, what is sent to the planner.
TEST_P(GoldenTree, HasTheseFindingsAndSources) {
  const fs::path folder = golden / GetParam();
  const SourceTree tree = load_source_tree(folder, "warehouse");
  test::expect_golden(folder / "findings.txt", rendered(tree));
  if (has_errors(tree.findings)) return;
  const Json sources = parse_json(tree.sources_json(), "sources", ErrorKind::internal);
  test::expect_golden(folder / "sources.json", pretty_json(sources));
}

INSTANTIATE_TEST_SUITE_P(, GoldenTree, testing::ValuesIn(cases()), [](const auto& one) { return one.param; });

TEST(SourceTree, LocatesValuesOfComposedSourcesInTheirFiles) {
  const SourceTree tree = load_source_tree(golden / "composition", "warehouse");
  const auto place = [&](const char* source, const Json& path) {
    const auto found = tree.place(source, path);
    return found ? text_of(*found) : "none";
  };
  const std::string manifest = "semantic-layer/warehouse/_schema/public.yaml";
  const std::string overlay = "semantic-layer/warehouse/orders.yaml";
  EXPECT_EQ(place("orders", {"columns", 0, "name"}), manifest + ":11:17");
  EXPECT_EQ(place("orders", {"joins", 1, "on"}), overlay + ":20:9");
  EXPECT_EQ(place("orders", {"measures", 0, "expr"}), overlay + ":14:11");
  EXPECT_EQ(place("orders", {"joins", 0, "on"}), manifest + ":19:30");
  EXPECT_EQ(place("orders", {"measures", 0, "expr", 7, "deeper"}), overlay + ":14:11");
  EXPECT_EQ(place("orders", Json::array()), manifest + ":3:3");
  EXPECT_EQ(place("nowhere", Json::array()), "none");
}

TEST(SourceTree, HasTheMetricsOfAllFilesAsASourceWithoutRows) {
  const SourceTree tree = load_source_tree(golden / "metrics", "warehouse");
  ASSERT_EQ(tree.sources.size(), 2U);
  EXPECT_EQ(tree.sources[0].name, metrics_source);
  EXPECT_FALSE(tree.sources[0].has_rows());
  EXPECT_TRUE(tree.sources[1].has_rows());
  EXPECT_EQ(tree.count(), 1U);
  EXPECT_EQ(tree.sources[0].count("measures"), 3U);
  const auto place = [&](const Json& path) { return text_of(*tree.place(metrics_source, path)); };
  const std::string folder = "semantic-layer/warehouse/_metrics/";
  EXPECT_EQ(place({"measures", 0, "cumulative"}), folder + "more/time.yaml:3:17");
  EXPECT_EQ(place({"measures", 2, "inputs", "paid", "filter"}), folder + "orders.yml:5:47");
  EXPECT_EQ(tree.sources_json({metrics_source}).find("paid_share"), std::string::npos);
}

TEST(SourceTree, IsEmptyWithoutAFolder) {
  const test::TemporaryDirectory project;
  const SourceTree tree = load_source_tree(project.path(), "warehouse");
  EXPECT_TRUE(tree.sources.empty());
  EXPECT_TRUE(tree.findings.empty());
  EXPECT_EQ(tree.sources_json(), "[]");
  EXPECT_TRUE(connections_with_sources(project.path()).empty());
}

TEST(SourceTree, LooksAtYamlFilesOfItsConnectionOnly) {
  const test::TemporaryDirectory project;
  const std::string text = "table: t\ngrain: [id]\ncolumns: [{name: id, type: number}]\n";
  project.write("semantic-layer/b/deep/er/one.yaml", text);
  project.write("semantic-layer/b/two.yml", text);
  project.write("semantic-layer/b/.hidden/three.yaml", text);
  project.write("semantic-layer/b/.four.yaml", text);
  project.write("semantic-layer/b/five.txt", text);
  project.write("semantic-layer/a/six.yaml", text);
  project.write("semantic-layer/.git/seven.yaml", text);
  const SourceTree tree = load_source_tree(project.path(), "b");
  ASSERT_EQ(tree.sources.size(), 2U);
  EXPECT_EQ(tree.sources[0].name, "one");
  EXPECT_EQ(tree.sources[1].name, "two");
  EXPECT_EQ(connections_with_sources(project.path()), (std::vector<std::string>{"a", "b"}));
}

TEST(SourceTree, AFileThatCannotBeReadIsAFinding) {
  const test::TemporaryDirectory project;
  project.write("semantic-layer/w/ok.yaml", "table: t\ngrain: [id]\ncolumns: [{name: id, type: number}]\n");
  fs::create_symlink("nowhere.yaml", project.path() / "semantic-layer/w/dangling.yaml");
  const SourceTree tree = load_source_tree(project.path(), "w");
  ASSERT_EQ(tree.findings.size(), 1U);
  EXPECT_EQ(tree.findings[0].code, "unreadable-file");
  EXPECT_EQ(tree.findings[0].file, "semantic-layer/w/dangling.yaml");
  EXPECT_EQ(tree.sources.size(), 1U);
}

}  // namespace
}  // namespace ktx::project
