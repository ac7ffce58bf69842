#include <gtest/gtest.h>

#include <string>

#include "command_line.hpp"
#include "ktx/util/filesystem.hpp"
#include "temporary_directory.hpp"

namespace ktx::cli {
namespace {

constexpr const char* regions_yaml =
    "name: regions\ntable: regions\ngrain: [id]\ncolumns:\n  - {name: id, type: number}\n";
constexpr const char* not_committed =
    "Nothing was committed: not a git repository (or any of the parent directories): .git\n";

class SlWriteTest : public testing::Test {
 protected:
  SlWriteTest() {
    environment_ = Environment::current();
    environment_.directory = folder_.path();
    environment_.variables["GIT_CEILING_DIRECTORIES"] = folder_.path().parent_path().string();
    folder_.write("ktx.yaml", "project: a\nconnections: { shop: { driver: sqlite }, app: {} }\n");
    folder_.write("semantic-layer/shop/_schema/public.yaml",
                  "tables: { days: { table: t, columns: [{ name: id, type: int, pk: true }] } }\n");
  }

  test::Outcome run(std::vector<std::string> arguments) {
    Context context;
    context.environment = environment_;
    return test::CommandLine(std::move(context)).run(std::move(arguments));
  }

  test::Outcome write(const std::string& name, const std::string& yaml) {
    return run({"sl", "write", name, "--connection-id", "shop", "--yaml", yaml});
  }

  ktx::test::TemporaryDirectory folder_;
  Environment environment_;
};

TEST_F(SlWriteTest, WhatIsWrittenIsReadByteForByte) {
  const auto written = write("regions", regions_yaml);
  EXPECT_EQ(written.exit_code, 0);
  EXPECT_EQ(written.out, "Wrote semantic-layer/shop/regions.yaml\n");
  EXPECT_EQ(written.err, not_committed);
  EXPECT_EQ(run({"sl", "read", "regions"}).out, regions_yaml);
  EXPECT_EQ(run({"sl", "read", "regions", "--connection-id", "shop"}).out, regions_yaml);
}

TEST_F(SlWriteTest, AFileIsReadFromTheWorkingDirectory) {
  folder_.write("elsewhere.yaml", regions_yaml);
  EXPECT_EQ(run({"sl", "write", "regions", "--connection-id", "app", "--file", "elsewhere.yaml"}).exit_code,
            0);
  EXPECT_EQ(read_file(folder_ / "semantic-layer/app/regions.yaml"), regions_yaml);
  const auto missing = run({"sl", "write", "regions", "--connection-id", "app", "--file", "missing.yaml"});
  EXPECT_EQ(missing.exit_code, 1);
}

TEST_F(SlWriteTest, NothingIsWrittenOnAnyFault) {
  write("regions", regions_yaml);
  const auto refused = write("regions", "name: regions\ntabel: regions\n");
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_EQ(refused.out, "");
  EXPECT_NE(refused.err.find("semantic-layer/shop/regions.yaml:2:1: error: "), std::string::npos)
      << refused.err;
  EXPECT_NE(refused.err.find("Nothing was written"), std::string::npos);
  EXPECT_EQ(read_file(folder_ / "semantic-layer/shop/regions.yaml"), regions_yaml);
  EXPECT_EQ(
      write("days", "name: days\ntable: t\ngrain: [id]\ncolumns: [{name: id, type: number}]\n").exit_code, 1);
  EXPECT_EQ(write("dayz", "name: dayz\nmeasures: []\n").exit_code, 1);
  EXPECT_FALSE(path_exists(folder_ / "semantic-layer/shop/dayz.yaml"));
}

TEST_F(SlWriteTest, UsageErrors) {
  EXPECT_EQ(write("../x", regions_yaml).err, "Unsafe semantic-layer source name: ../x\n");
  EXPECT_EQ(run({"sl", "write", "regions", "--connection-id", "../x", "--yaml", "-"}).err,
            "Unsafe connection id: ../x\n");
  EXPECT_EQ(run({"sl", "write", "regions", "--connection-id", "shop"}).exit_code, 2);
  EXPECT_EQ(run({"sl", "write", "regions", "--yaml", "x"}).exit_code, 2);
  EXPECT_EQ(
      run({"sl", "write", "regions", "--connection-id", "shop", "--yaml", "x", "--file", "y"}).exit_code, 2);
  const auto unknown = run({"sl", "write", "regions", "--connection-id", "shap", "--yaml", regions_yaml});
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_NE(unknown.err.find("did you mean \"shop\"?"), std::string::npos) << unknown.err;
}

TEST_F(SlWriteTest, AManifestTableIsReadComposed) {
  write("days", "name: days\nmeasures: [{name: days_n, expr: count(id)}]\n");
  EXPECT_EQ(run({"sl", "read", "days"}).out, "name: days\nmeasures: [{name: days_n, expr: count(id)}]\n");
  EXPECT_EQ(run({"sl", "read", "days", "--composed"}).out,
            "name: days\ntable: t\ngrain:\n- id\ncolumns:\n- name: id\n  type: number\nmeasures:\n"
            "- name: days_n\n  expr: count(id)\n");
}

TEST_F(SlWriteTest, SourcesThatAreNotThereOrTwiceAreNamed) {
  auto missing = run({"sl", "read", "dayz", "--connection-id", "shop"});
  EXPECT_EQ(missing.exit_code, 1);
  EXPECT_EQ(missing.err,
            "Semantic-layer source \"shop/dayz\" was not found; did you mean \"days\"?\n"
            "Fix: ktx sl list shows the names that there are\n");
  EXPECT_EQ(run({"sl", "read", "../../ktx"}).err.substr(0, 43),
            "Unsafe semantic-layer source name: ../../kt");
  folder_.write("semantic-layer/app/days.yaml", "name: days\n");
  missing = run({"sl", "read", "days"});
  EXPECT_EQ(missing.exit_code, 1);
  EXPECT_EQ(missing.err,
            "Several connections have a source \"days\": app, shop\nFix: Name one with --connection-id\n");
}

}  // namespace
}  // namespace ktx::cli
