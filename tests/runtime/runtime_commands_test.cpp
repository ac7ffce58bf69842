#include <gtest/gtest.h>

#include <cstdlib>

#include "ktx/util/filesystem.hpp"
#include "ktx/util/json.hpp"
#include "ktx/util/subprocess.hpp"
#include "temporary_directory.hpp"

namespace ktx::cli {
namespace {

/// The real program, copied into a package of its own whose assets a test can shape.
class RuntimeCommandsTest : public testing::Test {
 protected:
  RuntimeCommandsTest() {
    std::filesystem::create_directories(directory_ / "package/bin");
    const char* program = std::getenv("KTX_TEST_PROGRAM");
    std::filesystem::copy_file(program != nullptr ? program : "", directory_ / "package/bin/ktx");
    environment_ = {
        {"KTX_RUNTIME_ROOT", (directory_ / "root").string()}, {"HOME", "/nonexistent"}, {"PATH", "/bin"}};
  }

  CommandResult ktx(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {(directory_ / "package/bin/ktx").string(), "runtime"});
    return ProcessRunner().run({.argv = std::move(arguments), .environment = environment_});
  }

  test::TemporaryDirectory directory_;
  std::map<std::string, std::string> environment_;
};

TEST_F(RuntimeCommandsTest, StatusIsAlwaysASuccess) {
  const CommandResult result = ktx({"status", "--json"});
  EXPECT_EQ(result.code, 0);
  EXPECT_EQ(result.err, "");
  const Json document = Json::parse(result.out);
  EXPECT_EQ(document["kind"], "missing");
  EXPECT_EQ(document["layout"]["runtimeRoot"], (directory_ / "root").string());
  EXPECT_FALSE(path_exists(directory_ / "root")) << "looking creates nothing";
}

TEST_F(RuntimeCommandsTest, DoctorFailsWithoutARuntime) {
  const CommandResult result = ktx({"doctor"});
  EXPECT_EQ(result.code, 1);
  EXPECT_EQ(result.out.rfind("KTX Python runtime doctor\nFAIL uv: ", 0), 0U) << result.out;
  EXPECT_NE(result.out.find("  Fix: Run: ktx runtime install --yes\n"), std::string::npos);
  EXPECT_EQ(Json::parse(ktx({"doctor", "--json"}).out)["checks"].size(), 4U);
}

TEST_F(RuntimeCommandsTest, PruneAsksForConfirmationFirst) {
  std::filesystem::create_directories(directory_ / "root/0.0.0");
  const CommandResult refused = ktx({"prune"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_EQ(refused.out, "");
  EXPECT_EQ(refused.err, "Refusing to prune without --yes. Preview with: ktx runtime prune --dry-run\n");
  const std::string path = (directory_ / "root/0.0.0").string();
  EXPECT_EQ(ktx({"prune", "--dry-run", "--yes"}).out, "Stale KTX Python runtimes\n" + path + "\n");
  EXPECT_TRUE(path_exists(path));
  EXPECT_EQ(ktx({"prune", "--yes"}).out, "Removed stale KTX Python runtimes\n" + path + "\n");
  EXPECT_FALSE(path_exists(path));
}

TEST_F(RuntimeCommandsTest, InstallReportsAMissingAssetInOneLineAndAFix) {
  const CommandResult result = ktx({"install", "--yes"});
  EXPECT_EQ(result.code, 1);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err, "Cannot read " + (directory_ / "package/assets/python/manifest.json").string() +
                            ": No such file or directory\n"
                            "Fix: Reinstall ktx: its bundled wheel is missing or damaged\n");
}

TEST_F(RuntimeCommandsTest, WrongUsageIsExitCode2WithHelp) {
  for (const std::vector<std::string>& wrong : {std::vector<std::string>{"install", "--feature", "all"},
                                                {"status", "--no-such"},
                                                {"frobnicate"},
                                                {"install", "--from-bundle", "x", "--find-links", "y"},
                                                {"bundle"},
                                                {"bundle", "x", "--python", "3.12.1"},
                                                {"bundle", "x", "--feature", "all"}}) {
    const CommandResult result = ktx(wrong);
    EXPECT_EQ(result.code, 2);
    EXPECT_EQ(result.out, "");
    EXPECT_NE(result.err.find("Usage:"), std::string::npos) << result.err;
  }
  environment_["KTX_RUNTIME_ROOT"] = "relative";
  EXPECT_EQ(ktx({"status"}).code, 2);
}

TEST_F(RuntimeCommandsTest, AFolderOfWheelsMustBeThere) {
  for (const std::vector<std::string>& wrong :
       {std::vector<std::string>{"install", "--find-links", "missing"},
        {"bundle", "x", "--find-links", "missing"}}) {
    const CommandResult result = ktx(wrong);
    EXPECT_EQ(result.code, 2);
    EXPECT_EQ(result.err,
              "--find-links names no folder: missing\nFix: Name the folder that holds the wheels\n");
  }
}

TEST_F(RuntimeCommandsTest, ABundleWithoutItsFolderIsRefusedFirst) {
  const CommandResult result = ktx({"bundle", (directory_ / "missing/b.zip").string()});
  EXPECT_EQ(result.code, 1);
  EXPECT_NE(result.err.find("there is no folder " + (directory_ / "missing").string()), std::string::npos);
}

TEST_F(RuntimeCommandsTest, TheBareGroupPrintsItsHelp) {
  const CommandResult result = ktx({});
  EXPECT_EQ(result.code, 0);
  for (const char* command : {"install", "status", "doctor", "prune", "bundle"}) {
    EXPECT_NE(result.out.find(command), std::string::npos) << command;
  }
}

}  // namespace
}  // namespace ktx::cli
