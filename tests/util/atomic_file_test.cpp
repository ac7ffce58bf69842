#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>

#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "temporary_directory.hpp"

namespace ktx {
namespace {

auto entries(const std::filesystem::path& directory) {
  return std::distance(std::filesystem::directory_iterator(directory), {});
}

TEST(AtomicFile, ReplacesTheTargetAtCommitOnly) {
  const test::TemporaryDirectory directory;
  test::write_file(directory / "a", "old");
  AtomicFile file(directory / "a");
  file.write("new");
  file.flush();
  EXPECT_EQ(read_file(directory / "a"), "old");
  file.commit();
  EXPECT_EQ(read_file(directory / "a"), "new");
  EXPECT_EQ(entries(directory.path()), 1);
}

TEST(AtomicFile, LeavesNothingBehindWithoutCommit) {
  const test::TemporaryDirectory directory;
  { AtomicFile(directory / "a").write("new"); }
  EXPECT_EQ(entries(directory.path()), 0);
}

TEST(AtomicFile, GivesTheModeAskedFor) {
  const test::TemporaryDirectory directory;
  write_file_atomically(directory / "secret", "s", 0600);
  struct stat status {};
  ASSERT_EQ(::stat((directory / "secret").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST(AtomicFile, AUsersFileKeepsItsModeAndItsLink) {
  const test::TemporaryDirectory directory;
  write_user_file(directory / "made/for/it", "x");
  EXPECT_EQ(read_file(directory / "made/for/it"), "x");
  test::write_file(directory / "real/a", "old");
  std::filesystem::permissions(directory / "real/a", std::filesystem::perms(0660));
  std::filesystem::create_symlink("real/a", directory / "link");
  write_user_file(directory / "link", "new");
  EXPECT_TRUE(std::filesystem::is_symlink(directory / "link"));
  EXPECT_EQ(read_file(directory / "real/a"), "new");
  EXPECT_EQ(std::filesystem::status(directory / "real/a").permissions(), std::filesystem::perms(0660));
  std::filesystem::create_symlink("loop", directory / "loop");
  EXPECT_THROW(write_user_file(directory / "loop", "x"), Error);
}

struct stat stat_of(const std::filesystem::path& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
  return status;
}

// As under sudo, in the project of another user.
TEST(AtomicFile, AUsersFileStaysTheirsWhenRootWritesIt) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root gives files away";
  constexpr uid_t owner = 4242;
  constexpr gid_t group = 4243;
  const test::TemporaryDirectory directory;
  const auto file = directory.write("project/ktx.yaml", "old");
  ASSERT_EQ(::chown(file.c_str(), owner, group), 0);
  ASSERT_EQ(::chown(file.parent_path().c_str(), owner, group), 0);
  ASSERT_EQ(::chmod(file.c_str(), 02640), 0);
  write_user_file(file, "new");
  EXPECT_EQ(read_file(file), "new");
  EXPECT_EQ(stat_of(file).st_uid, owner);
  EXPECT_EQ(stat_of(file).st_gid, group);
  EXPECT_EQ(stat_of(file).st_mode & 07777U, 02640U) << "chown takes the set-id bits away";
  write_user_file(directory / "project/wiki/global/page.md", "x");
  for (const char* made : {"project/wiki", "project/wiki/global", "project/wiki/global/page.md"}) {
    EXPECT_EQ(stat_of(directory / made).st_uid, owner) << made;
    EXPECT_EQ(stat_of(directory / made).st_gid, group) << made;
  }
  write_user_file(directory / "own", "x");
  EXPECT_EQ(stat_of(directory / "own").st_uid, 0U) << "root's own folders are root's";
}

TEST(AtomicFile, NamesTheTargetWhenItCannotBeWritten) {
  const test::TemporaryDirectory directory;
  try {
    write_file_atomically(directory / "missing/a", "x");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.message(),
              "Cannot write " + (directory / "missing/a").string() + ": No such file or directory");
  }
}

}  // namespace
}  // namespace ktx
