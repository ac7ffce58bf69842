#include "ktx/runtime/python_discovery.hpp"

#include <gtest/gtest.h>

#include "runtime_fixture.hpp"

namespace ktx::runtime {
namespace {

class PythonDiscoveryTest : public testing::Test {
 protected:
  std::filesystem::path python(const std::string& name) {
    const auto path = fixture_.directory / name;
    test::write_file(path, "");
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path;
  }

  std::vector<PythonCandidate> discovered() {
    return discover_pythons(fixture_.environment, fixture_.layout, fixture_.directory / "system");
  }

  test::RuntimeFixture fixture_;
};

TEST_F(PythonDiscoveryTest, LooksInEveryUsualPlace) {
  const auto uv = python("home/.local/share/uv/python/cpython-3.12.8-linux/bin/python3.12");
  const auto own = python("root/.ktx/tools/python/cpython-3.13.1-linux/bin/python3.13");
  const auto pyenv = python("home/.pyenv/versions/shared-3.13/bin/python3.13");
  const auto on_path = python("bin/python3.11");
  const auto conda = python("home/miniconda3/bin/python");
  const auto system = python("system/usr/bin/python3");
  fixture_.environment.variables["PATH"] = (fixture_.directory / "bin").string();
  EXPECT_EQ(discovered(), (std::vector<PythonCandidate>{{uv, "uv"},
                                                        {own, "uv"},
                                                        {pyenv, "pyenv"},
                                                        {on_path, "PATH"},
                                                        {conda, "conda"},
                                                        {system, "system"}}));
}

TEST_F(PythonDiscoveryTest, FollowsTheVariablesOfTheTools) {
  const auto uv = python("uv-pythons/cpython-3.12/bin/python3");
  const auto pyenv = python("pyenv/versions/3.11.7/bin/python3");
  const auto conda = python("conda/envs/x/bin/python3");
  fixture_.environment.variables["UV_PYTHON_INSTALL_DIR"] = (fixture_.directory / "uv-pythons").string();
  fixture_.environment.variables["PYENV_ROOT"] = (fixture_.directory / "pyenv").string();
  fixture_.environment.variables["CONDA_PREFIX"] = (fixture_.directory / "conda/envs/x").string();
  EXPECT_EQ(discovered(), (std::vector<PythonCandidate>{{uv, "uv"}, {pyenv, "pyenv"}, {conda, "conda"}}));
}

TEST_F(PythonDiscoveryTest, TakesEachFileOnce) {
  const auto real = python("bin/python3.13");
  std::filesystem::create_symlink("python3.13", fixture_.directory / "bin/python3");
  std::filesystem::create_directory_symlink("bin", fixture_.directory / "also");
  fixture_.environment.variables["PATH"] =
      (fixture_.directory / "bin").string() + ":" + (fixture_.directory / "also").string();
  EXPECT_EQ(discovered().size(), 1U);
}

TEST_F(PythonDiscoveryTest, LeavesOutShimsAndWhatIsNoPython) {
  python("home/.pyenv/shims/python3");
  python("bin/python3-config");
  python("bin/python2.7");
  python("bin/python3.13t");
  python("bin/pythonw");
  test::write_file(fixture_.directory / "bin/python3.12", "not executable");
  std::filesystem::create_directories(fixture_.directory / "bin/python3.11");
  std::filesystem::create_symlink("/nonexistent", fixture_.directory / "bin/python3.10");
  fixture_.environment.variables["PATH"] =
      (fixture_.directory / "home/.pyenv/shims").string() + ":" + (fixture_.directory / "bin").string();
  EXPECT_TRUE(discovered().empty());
}

TEST_F(PythonDiscoveryTest, KnowsHomebrewAndFrameworksOnMacos) {
  const auto brew = python("system/opt/homebrew/bin/python3.13");
  const auto framework = python("system/Library/Frameworks/Python.framework/Versions/3.12/bin/python3.12");
  EXPECT_TRUE(discovered().empty());
  fixture_.environment.platform = Platform::macos;
  EXPECT_EQ(discovered(), (std::vector<PythonCandidate>{{brew, "system"}, {framework, "system"}}));
}

}  // namespace
}  // namespace ktx::runtime
