#include "ktx/check/prune.hpp"

#include <gtest/gtest.h>

#include "ktx/runtime/environment_link.hpp"
#include "ktx/util/filesystem.hpp"
#include "runtime_fixture.hpp"

namespace ktx::runtime {
namespace {

using Paths = std::vector<std::filesystem::path>;

class PruneTest : public testing::Test {
 protected:
  PruneTest() {
    test::write_file(root_ / "0.1.0/manifest.json", "{}");
    test::write_file(root_ / "0.2.0/manifest.json", "{}");
    test::write_file(root_ / "README.txt", "a file");
  }

  test::RuntimeFixture fixture_;
  std::filesystem::path root_ = fixture_.layout.runtime_root;
};

TEST_F(PruneTest, RemovesOtherVersionsOnly) {
  const PruneResult result = prune(fixture_.layout, false);
  EXPECT_EQ(result.removed, Paths{root_ / "0.1.0"});
  EXPECT_EQ(result.kept, Paths{root_ / "0.2.0"});
  EXPECT_FALSE(path_exists(root_ / "0.1.0"));
  EXPECT_TRUE(path_exists(root_ / "0.2.0/manifest.json"));
  EXPECT_TRUE(path_exists(root_ / "README.txt"));
}

TEST_F(PruneTest, ADryRunChangesNothing) {
  const PruneResult result = prune(fixture_.layout, true);
  EXPECT_EQ(result.stale, Paths{root_ / "0.1.0"});
  EXPECT_TRUE(result.removed.empty());
  EXPECT_TRUE(path_exists(root_ / "0.1.0/manifest.json"));
  EXPECT_FALSE(path_exists(fixture_.layout.own_dir)) << "looking leaves no locks";
}

TEST_F(PruneTest, KnowsVersionsByTheirNames) {
  for (const char* name : {"0.0.0", "0.1.0-rc.0", "0.0.0-private", "10.20.30+local"}) {
    std::filesystem::create_directories(root_ / name);
  }
  for (const char* name : {"backup", "v0.1.0", "0.1", "0.1.0.old", ".ktx", "my 0.1.0"}) {
    test::write_file(root_ / name / "file", "foreign");
  }
  const Paths stale = {root_ / "0.0.0", root_ / "0.0.0-private", root_ / "0.1.0", root_ / "0.1.0-rc.0",
                       root_ / "10.20.30+local"};
  EXPECT_EQ(prune(fixture_.layout, false).removed, stale);
  for (const char* name : {"backup", "v0.1.0", "0.1", "0.1.0.old", ".ktx", "my 0.1.0"}) {
    EXPECT_TRUE(path_exists(root_ / name / "file")) << name;
  }
}

TEST_F(PruneTest, KeepsWhatIsInUse) {
  std::filesystem::create_directories(fixture_.layout.locks_dir);
  const Layout other = make_layout(fixture_.environment, "0.1.0");
  create_in_use_lock(other);
  {
    const InUse in_use = hold_in_use(other);
    ASSERT_TRUE(in_use);
    const PruneResult result = prune(fixture_.layout, false);
    EXPECT_EQ(result.in_use, Paths{root_ / "0.1.0"});
    EXPECT_TRUE(result.removed.empty());
    EXPECT_TRUE(path_exists(root_ / "0.1.0/manifest.json"));
  }
  EXPECT_EQ(prune(fixture_.layout, false).removed, Paths{root_ / "0.1.0"});
}

TEST_F(PruneTest, RemovesALinkAndNotWhatItPointsAt) {
  test::write_file(fixture_.directory / "elsewhere/file", "precious");
  std::filesystem::create_directory_symlink(fixture_.directory / "elsewhere", root_ / "0.0.1");
  std::filesystem::create_directory_symlink("/nonexistent", root_ / "0.0.2");
  EXPECT_EQ(prune(fixture_.layout, false).removed, (Paths{root_ / "0.0.1", root_ / "0.1.0"}));
  EXPECT_TRUE(path_exists(fixture_.directory / "elsewhere/file"));
}

TEST_F(PruneTest, FindsNothingWithoutARoot) {
  std::filesystem::remove_all(root_);
  const PruneResult result = prune(fixture_.layout, false);
  EXPECT_TRUE(result.stale.empty());
  EXPECT_TRUE(result.kept.empty());
  EXPECT_FALSE(path_exists(root_));
}

TEST_F(PruneTest, LeavesNothingOfItsOwnBehind) {
  prune(fixture_.layout, false);
  for (const auto& entry : std::filesystem::directory_iterator(fixture_.layout.own_dir)) {
    EXPECT_EQ(entry.path(), fixture_.layout.locks_dir);
  }
}

}  // namespace
}  // namespace ktx::runtime
