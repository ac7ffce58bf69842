#include "ktx/runtime/inventory.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "ktx/util/filesystem.hpp"
#include "ktx/util/subprocess.hpp"
#include "temporary_directory.hpp"

namespace ktx::runtime {
namespace {

namespace fs = std::filesystem;
using Kind = FileDifference::Kind;

class InventoryTest : public testing::Test {
 protected:
  InventoryTest() {
    test::write_file(root_ / "lib/a.py", "a = 1\n");
    test::write_file(root_ / "lib/__pycache__/a.pyc", "code");
    test::write_file(root_ / "odd name\n with a break", "x");
    fs::create_symlink("lib", root_ / "lib64");
    fs::create_symlink("/nonexistent/python", root_ / "python");
    digest_ = write_inventory(root_);
  }

  std::vector<FileDifference> differences() const { return check_inventory(root_, digest_).differences; }

  test::TemporaryDirectory directory_;
  const fs::path root_ = directory_ / "env";
  std::string digest_;
};

TEST_F(InventoryTest, AcceptsWhatItLists) {
  EXPECT_EQ(differences(), std::vector<FileDifference>{});
  EXPECT_EQ(check_inventory(root_, digest_).files, 5U) << "three files and two links, one dangling";
}

TEST_F(InventoryTest, IsOneThatSha256sumReads) {
  const CommandResult result = ProcessRunner().run(
      {.argv = {"/usr/bin/sha256sum", "--check", "--strict", "--quiet", "--ignore-missing", inventory_file},
       .environment = {{"PATH", "/usr/bin:/bin"}},
       .directory = root_});
  EXPECT_TRUE(result.succeeded()) << result.out << result.err;
  test::write_file(root_ / "lib/a.py", "a = 2\n");
  EXPECT_FALSE(ProcessRunner()
                   .run({.argv = {"/usr/bin/sha256sum", "--check", "--quiet", inventory_file},
                         .environment = {{"PATH", "/usr/bin:/bin"}},
                         .directory = root_})
                   .succeeded());
}

TEST_F(InventoryTest, NamesEveryDifferenceByPath) {
  test::write_file(root_ / "lib/__pycache__/a.pyc", "evil");
  test::write_file(root_ / "lib/hook.pth", "import os");
  fs::remove(root_ / "lib/a.py");
  fs::remove(root_ / "python");
  fs::create_symlink("/bin/sh", root_ / "python");
  EXPECT_EQ(differences(), (std::vector<FileDifference>{{Kind::changed, root_ / "lib/__pycache__/a.pyc"},
                                                        {Kind::missing, root_ / "lib/a.py"},
                                                        {Kind::added, root_ / "lib/hook.pth"},
                                                        {Kind::changed, root_ / "python"}}));
}

TEST_F(InventoryTest, WithoutASoundListNothingElseIsCompared) {
  const std::vector<FileDifference> changed = {{Kind::changed, root_ / inventory_file}};
  const std::string text = read_file(root_ / inventory_file);
  test::write_file(root_ / inventory_file, text + "# more\n");
  EXPECT_EQ(differences(), changed);
  fs::remove(root_ / inventory_file);
  EXPECT_EQ(differences(), (std::vector<FileDifference>{{Kind::missing, root_ / inventory_file}}));
  fs::remove_all(root_);
  EXPECT_EQ(differences(), (std::vector<FileDifference>{{Kind::missing, root_ / inventory_file}}));
}

TEST_F(InventoryTest, WhatIsNoFileIsNotWaitedFor) {
  fs::remove(root_ / "lib/a.py");
  ASSERT_EQ(::mkfifo((root_ / "lib/a.py").c_str(), 0600), 0);
  EXPECT_EQ(differences(), (std::vector<FileDifference>{{Kind::changed, root_ / "lib/a.py"}}));
}

}  // namespace
}  // namespace ktx::runtime
