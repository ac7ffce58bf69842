#include "ktx/project/project.hpp"

#include <gtest/gtest.h>

#include <string>

#include "ktx/project/config.hpp"
#include "temporary_directory.hpp"

namespace ktx::project {
namespace {

namespace fs = std::filesystem;

class ProjectTest : public testing::Test {
 protected:
  ProjectTest() {
    folder_.write("outer/ktx.yaml", "project: outer\n");
    folder_.write("outer/inner/deep/file.txt", "");
    folder_.write("other/ktx.yaml", "project: other\n");
    environment_.directory = folder_.path() / "outer/inner/deep";
  }

  std::string error_of(const std::optional<fs::path>& option) const {
    try {
      load_project(find_project_directory(option, environment_));
    } catch (const Error& error) {
      return std::string(id(error.kind())) + ": " + error.message();
    }
    return "no error";
  }

  test::TemporaryDirectory folder_;
  Environment environment_;
};

TEST_F(ProjectTest, IsTheNearestFolderUpwards) {
  EXPECT_EQ(find_project_directory({}, environment_), folder_.path() / "outer");
  EXPECT_EQ(load_project(folder_.path() / "outer").config.project, "outer");
}

TEST_F(ProjectTest, TheVariableWinsOverTheFolderAndTheOptionOverBoth) {
  environment_.variables["KTX_PROJECT_DIR"] = (folder_.path() / "other").string();
  EXPECT_EQ(find_project_directory({}, environment_), folder_.path() / "other");
  EXPECT_EQ(find_project_directory("../..", environment_), folder_.path() / "outer");
}

TEST_F(ProjectTest, RelativePathsCountFromTheWorkingDirectory) {
  environment_.variables["KTX_PROJECT_DIR"] = "../../../other/";
  EXPECT_EQ(find_project_directory({}, environment_), folder_.path() / "other");
}

TEST_F(ProjectTest, IsTheWorkingDirectoryWhenThereIsNoneUpwards) {
  environment_.directory = "/";
  EXPECT_EQ(find_project_directory({}, environment_), "/");
  EXPECT_EQ(error_of({}), "project: No ktx.yaml in /");
}

TEST_F(ProjectTest, EmptyNamesAreErrors) {
  EXPECT_EQ(error_of(""), "usage: --project-dir is empty");
  environment_.variables["KTX_PROJECT_DIR"] = "";
  EXPECT_EQ(error_of({}), "usage: KTX_PROJECT_DIR is set but empty");
}

TEST_F(ProjectTest, AnExplicitFolderNeedsAProject) {
  EXPECT_EQ(error_of("."), "project: No ktx.yaml in " + environment_.directory.string());
}

TEST_F(ProjectTest, AFolderThatIsNotThereIsCalledSo) {
  const std::string nowhere = (folder_.path() / "nowhere").string();
  EXPECT_EQ(error_of(nowhere), "project: No ktx.yaml in " + nowhere + ": there is no such folder");
}

TEST_F(ProjectTest, AFileOfTheOtherSuffixIsNamed) {
  folder_.write("lonely/ktx.yml", "project: a\n");
  environment_.directory = folder_.path() / "lonely";
  EXPECT_EQ(error_of({}), "project: No ktx.yaml in " + environment_.directory.string() + ", only a ktx.yml");
}

TEST_F(ProjectTest, SecretsComeFromTheEnvironmentOrAFile) {
  environment_.variables["URL"] = "postgres://x";
  const fs::path secret = folder_.write("secrets/url", " postgres://y\n");
  const auto resolve = [&](const std::string& text) {
    return resolve_secret(text, "connections.w.url", environment_, folder_.path());
  };
  EXPECT_EQ(resolve("postgres://z"), "postgres://z");
  EXPECT_EQ(resolve("env:URL"), "postgres://x");
  EXPECT_EQ(resolve("file:" + secret.string()), "postgres://y");
  EXPECT_EQ(resolve("file:secrets/url"), "postgres://y");
}

TEST_F(ProjectTest, AMissingSecretIsNamed) {
  const auto message = [&](const std::string& text) -> std::string {
    try {
      return resolve_secret(text, "connections.w.url", environment_, "/project");
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::connection);
      return error.message();
    }
  };
  EXPECT_EQ(message("env:NONE"),
            "connections.w.url refers to the environment variable NONE, which is not set");
  EXPECT_EQ(message("file:none"), "connections.w.url refers to the file /project/none, which does not exist");
}

}  // namespace
}  // namespace ktx::project
