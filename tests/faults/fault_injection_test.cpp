// That the other tests of this folder see what they claim to see: each call, through each library.

#include "fault_injection.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <filesystem>
#include <functional>

#include "expect_error.hpp"
#include "ktx/util/file_lock.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/subprocess.hpp"
#include "temporary_directory.hpp"

namespace ktx::test {
namespace {

namespace fs = std::filesystem;

class FaultInjectionTest : public testing::Test {
 protected:
  /// How often each call is made by `action`.
  static std::map<std::string, std::size_t> calls_of(const std::function<void()>& action) {
    const FaultInjection counting({});
    action();
    return counting.calls_by_name();
  }

  TemporaryDirectory directory_;
  fs::path path_ = directory_ / "a";
};

using Calls = std::map<std::string, std::size_t>;

TEST_F(FaultInjectionTest, SeesWhatTheStandardLibraryDoes) {
  EXPECT_EQ(calls_of([&] { fs::create_directories(path_ / "b/c"); }), (Calls{{"mkdir", 3}}));
  EXPECT_EQ(calls_of([&] { fs::create_directory_symlink("b", path_ / "link"); }), (Calls{{"symlink", 1}}));
  EXPECT_EQ(calls_of([&] { fs::rename(path_ / "link", path_ / "other"); }), (Calls{{"rename", 1}}));
  EXPECT_EQ(calls_of([&] { fs::permissions(path_, fs::perms::owner_all); }), (Calls{{"chmod", 1}}));
  EXPECT_EQ(calls_of([&] { fs::remove(path_ / "other"); }), (Calls{{"remove", 1}}));
  EXPECT_EQ(calls_of([&] { write_file(path_ / "file", "text"); }).count("open"), 1U);
  EXPECT_EQ(calls_of([&] { fs::remove_all(path_); }), (Calls{{"remove", 1}, {"unlinkat", 3}}));
}

TEST_F(FaultInjectionTest, SeesWhatKtxDoes) {
  EXPECT_EQ(calls_of([&] { write_file_atomically(path_, "text"); }),
            (Calls{{"fchmod", 1}, {"fsync", 2}, {"mkostemp", 1}, {"rename", 1}, {"write", 1}}));
  EXPECT_EQ(calls_of([&] { FileLock::try_acquire(path_, LockMode::exclusive); }),
            (Calls{{"flock", 1}, {"ftruncate", 1}, {"open", 1}, {"pwrite", 1}}));
  ProcessRunner().run({.argv = {"/bin/true"}});
  EXPECT_EQ(calls_of([&] { ProcessRunner().run({.argv = {"/bin/true"}}); }),
            (Calls{{"execve", 1}, {"fork", 1}, {"pidfd_open", 1}, {"pipe2", 3}, {"socketpair", 1}}));
}

TEST_F(FaultInjectionTest, LooksAreNoChanges) {
  write_file(path_, "text");
  EXPECT_EQ(calls_of([&] { FileLock::share_existing(path_); }), (Calls{{"flock", 1}}));
  EXPECT_EQ(calls_of([&] { EXPECT_TRUE(fs::exists(path_)); }), Calls{});
}

TEST_F(FaultInjectionTest, FailsTheCallThatIsMeantOnceOnly) {
  const FaultInjection second({.call = 2, .error = EDQUOT});
  std::error_code failure;
  EXPECT_TRUE(fs::create_directory(path_, failure));
  EXPECT_FALSE(fs::create_directory(path_ / "b", failure));
  EXPECT_EQ(failure.value(), EDQUOT);
  EXPECT_EQ(second.failed(), "mkdir " + (path_ / "b").string());
  EXPECT_TRUE(fs::create_directory(path_ / "b", failure));
  EXPECT_EQ(second.calls(), 3U);
}

TEST_F(FaultInjectionTest, AFullDiskStaysFullAndLetsFilesBeRemoved) {
  write_file(path_, "text");
  const FaultInjection full({.call = 1, .error = ENOSPC, .is_lasting = true});
  for (int i = 0; i < 2; ++i) {
    EXPECT_NE(error_of([&] { write_file_atomically(directory_ / "b", ""); }).message().find("No space"),
              std::string::npos);
  }
  EXPECT_TRUE(fs::remove(path_));
}

TEST_F(FaultInjectionTest, EndsWithItsObject) {
  { const FaultInjection first({.call = 1, .error = EIO}); }
  EXPECT_TRUE(fs::create_directory(path_));
}

}  // namespace
}  // namespace ktx::test
