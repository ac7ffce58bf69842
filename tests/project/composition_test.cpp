// Overlays and manifests by the cases in tests/composition, which the Python loader is held to as well. JSON
// is YAML: a case's parts become the files of a project as they are.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "ktx/project/findings.hpp"
#include "ktx/project/source_tree.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/json.hpp"
#include "temporary_directory.hpp"

namespace ktx::project {
namespace {

namespace fs = std::filesystem;

const fs::path composition_cases = KTX_COMPOSITION_DIR;
const std::string sources_folder = "semantic-layer/warehouse/";
const std::string shard_file = sources_folder + "_schema/public.yaml";

Json case_in(const fs::path& file) { return parse_json(read_file(file), file.string(), ErrorKind::internal); }

std::vector<std::string> case_names(const std::string& kind) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(composition_cases / kind)) {
    names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);
  return names;
}

// A list without items is the same as none, a key without a value too, and the order of keys does not count.
nlohmann::json given(const Json& definition) {
  nlohmann::json members = nlohmann::json::object();
  for (const auto& [key, value] : definition.items()) {
    if (!value.is_null() && value != Json::array()) members[key] = nlohmann::json::parse(value.dump());
  }
  return members;
}

// Writes a source for each end of the joins, so that they lead somewhere.
void write_join_targets(const test::TemporaryDirectory& project, const Json& source) {
  for (const Json& join : source.value("joins", Json::array())) {
    const auto name = join["to"].get<std::string>();
    project.write(sources_folder + name + ".yaml",
                  "table: t\ngrain: [id]\ncolumns: [{name: id, type: number}]\n");
  }
}

std::string findings_text(const SourceTree& tree) {
  std::string text;
  for (const Finding& finding : tree.findings) text += render(finding);
  return text;
}

// The composed source of that name, as it is sent to the planner.
Json composed(const SourceTree& tree, const std::string& name) {
  for (const Json& source : parse_json(tree.sources_json(), "sources", ErrorKind::internal)) {
    if (source["name"] == name) return source;
  }
  return {};
}

class OverlayCase : public testing::TestWithParam<std::string> {};

TEST_P(OverlayCase, IsComposed) {
  const Json one = case_in(composition_cases / "overlay" / (GetParam() + ".json"));
  const test::TemporaryDirectory project;
  project.write(sources_folder + "base.yaml", pretty_json(one["base"]));
  project.write(sources_folder + "overlay.yaml", pretty_json(one["overlay"]));
  write_join_targets(project, one["base"]);
  write_join_targets(project, one["overlay"]);
  const SourceTree tree = load_source_tree(project.path(), "warehouse");
  if (one.contains("error")) {
    ASSERT_EQ(tree.findings.size(), 1U) << findings_text(tree);
    EXPECT_EQ(tree.findings[0].message, one["error"].get<std::string>());
    return;
  }
  EXPECT_FALSE(has_errors(tree.findings)) << findings_text(tree);
  EXPECT_EQ(given(composed(tree, one["base"]["name"])), given(one["composed"]));
}

INSTANTIATE_TEST_SUITE_P(, OverlayCase, testing::ValuesIn(case_names("overlay")),
                         [](const auto& one) { return one.param; });

class ManifestCase : public testing::TestWithParam<std::string> {};

TEST_P(ManifestCase, IsASource) {
  const Json one = case_in(composition_cases / "manifest" / (GetParam() + ".json"));
  const auto name = one["name"].get<std::string>();
  const test::TemporaryDirectory project;
  project.write(shard_file, pretty_json({{"tables", {{name, one["entry"]}}}}));
  write_join_targets(project, one["entry"]);
  const SourceTree tree = load_source_tree(project.path(), "warehouse");
  if (one.contains("missing")) {
    Json parent = one["missing"];
    const std::string key = parent.back();
    parent.erase(parent.size() - 1);
    ASSERT_EQ(tree.findings.size(), 1U) << findings_text(tree);
    EXPECT_TRUE(
        render(tree.findings[0]).starts_with(text_of(tree.place(name, parent).value()) + ": error: "));
    EXPECT_TRUE(tree.findings[0].message.ends_with("needs the key \"" + key + "\"")) << findings_text(tree);
    return;
  }
  EXPECT_FALSE(has_errors(tree.findings)) << findings_text(tree);
  EXPECT_EQ(given(composed(tree, name)), given(one["source"]));
}

INSTANTIATE_TEST_SUITE_P(, ManifestCase, testing::ValuesIn(case_names("manifest")),
                         [](const auto& one) { return one.param; });

// One table that has a column of each type, named by its place.
TEST(ManifestTypes, AreKinds) {
  const Json types = case_in(composition_cases / "manifest_types.json")["types"];
  Json columns = Json::array();
  for (const auto& [native, kind] : types.items()) {
    columns.push_back({{"name", "c" + std::to_string(columns.size())}, {"type", native}});
  }
  const test::TemporaryDirectory project;
  project.write(shard_file, pretty_json({{"tables", {{"t", {{"table", "t"}, {"columns", columns}}}}}}));
  const SourceTree tree = load_source_tree(project.path(), "warehouse");
  EXPECT_EQ(findings_text(tree), "");
  const Json source = composed(tree, "t");
  std::size_t place = 0;
  for (const auto& [native, kind] : types.items()) {
    EXPECT_EQ(source["columns"][place++]["type"], kind) << in_quotes(native);
  }
}

// The Python loader reads a shard whole before any overlay.
TEST(ManifestColumn, NeedsItsTypeAlsoWhenAnOverlayExcludesIt) {
  const test::TemporaryDirectory project;
  project.write(shard_file,
                "tables: {t: {table: t, columns: [{name: id, type: int, pk: true}, {name: at}]}}\n");
  project.write(sources_folder + "t.yaml", "exclude_columns: [at]\n");
  const SourceTree tree = load_source_tree(project.path(), "warehouse");
  EXPECT_EQ(findings_text(tree), shard_file +
                                     ":1:67: error: column \"at\" needs the key \"type\" [missing-key]\n"
                                     "  fix: Add a line: type: string (or number, time, boolean)\n");
  ASSERT_EQ(tree.findings.size(), 1U);
  EXPECT_EQ(tree.findings[0].source, "t");
}

}  // namespace
}  // namespace ktx::project
