#include "ktx/util/access.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>

#include "ktx/util/error.hpp"
#include "ktx/util/file_lock.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/shell_words.hpp"
#include "second_user.hpp"
#include "temporary_directory.hpp"

namespace ktx {
namespace {

namespace fs = std::filesystem;

using test::ann;
using test::as_ann;

class AccessTest : public testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can be two users";
    fs::permissions(directory_.path(), fs::perms(0755));
    directory_.write("closed/python", "");
    fs::permissions(directory_ / "closed", fs::perms(0700));
    fs::create_symlink("closed/python", directory_ / "link");
  }

  test::TemporaryDirectory directory_;
};

TEST(Access, TellsAbsentFromPresent) {
  const test::TemporaryDirectory directory;
  EXPECT_EQ(presence_of(directory.path()), Presence::present);
  EXPECT_EQ(presence_of(directory / "no/file"), Presence::absent);
  fs::create_symlink("gone", directory / "link");
  EXPECT_EQ(presence_of(directory / "link"), Presence::absent);
  EXPECT_EQ(link_target(directory / "link"), directory / "gone");
  fs::create_symlink("circle", directory / "circle");
  EXPECT_THROW(link_target(directory / "circle"), Error);
}

TEST(Access, AdvisesNothingAboutWhatIsNoPath) {
  EXPECT_EQ(access_fix("a socket"), "");
  EXPECT_EQ(system_error("Cannot listen on", "127.0.0.1", EACCES).fix(), "");
}

TEST_F(AccessTest, WhatMayNotBeReachedIsNotTakenForAbsent) {
  as_ann([&] {
    EXPECT_EQ(presence_of(directory_ / "closed/python"), Presence::hidden);
    EXPECT_EQ(presence_of(directory_ / "link"), Presence::hidden);
    EXPECT_EQ(presence_of(directory_ / "closed"), Presence::present);
    EXPECT_EQ(owner_of(directory_ / "closed"), "user root");
    EXPECT_EQ(owner_of(directory_ / "closed/python"), "another user");
  });
}

TEST_F(AccessTest, TheFixNamesWhatIsInTheWayAndWhoseItIs) {
  const fs::path own = directory_.write("own", "");
  ASSERT_EQ(::chown(own.c_str(), ann, ann), 0);
  as_ann([&] {
    EXPECT_EQ(system_error("Cannot read", (directory_ / "closed/python").string(), EACCES).fix(),
              "'" + (directory_ / "closed").string() +
                  "' belongs to user root: ask for the right to use it, or run ktx as that user");
    EXPECT_EQ(access_fix(own), "Give yourself the right: " + shell_command({"chmod", "u+rw", own}));
  });
}

TEST_F(AccessTest, WhatRootLeavesInAUsersFolderIsTheirs) {
  fs::create_directory(directory_ / "project");
  ASSERT_EQ(::chown((directory_ / "project").c_str(), ann, ann), 0);
  make_user_directories(directory_ / "project/a/b");
  FileLock::try_acquire(directory_ / "project/a/lock", LockMode::exclusive);
  as_ann([&] {
    EXPECT_TRUE(FileLock::try_acquire(directory_ / "project/a/lock", LockMode::exclusive));
    make_user_directories(directory_ / "project/a/b/c");
    EXPECT_EQ(presence_of(directory_ / "project/a/b/c"), Presence::present);
  });
}

}  // namespace
}  // namespace ktx
