#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "daemon_fixture.hpp"
#include "ktx/daemon/state.hpp"

namespace ktx::daemon {
namespace {

namespace fs = std::filesystem;

class StateFile : public ::testing::Test {
 protected:
  StateFile() { fixture_.write(test::DaemonFixture::state()); }

  std::string refusal() const {
    const LoadedState loaded = load_state(layout_);
    EXPECT_FALSE(loaded.state);
    return loaded.refusal;
  }

  test::DaemonFixture fixture_;
  const runtime::Layout& layout_ = fixture_.layout;
  const fs::path& file_ = layout_.daemon_state_path;
};

TEST_F(StateFile, IsForItsOwnerAlone) {
  struct stat status {};
  ASSERT_EQ(::stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  ASSERT_EQ(::stat(layout_.daemon_dir.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0700U);
  EXPECT_TRUE(load_state(layout_).state);
}

TEST_F(StateFile, IsNoneWhenItOrItsFolderIsGone) {
  remove_state(layout_);
  EXPECT_TRUE(load_state(layout_).absent());
  remove_state(layout_);  // what is gone is none to remove
  fs::remove_all(layout_.daemons_dir);
  EXPECT_TRUE(load_state(layout_).absent());
}

TEST_F(StateFile, IsRefusedWhenOthersMayRead) {
  fs::permissions(file_, fs::perms::others_read, fs::perm_options::add);
  EXPECT_EQ(refusal(), file_.string() + " is open to other users");
}

TEST_F(StateFile, IsRefusedWhenOthersMayReplaceIt) {
  fs::permissions(layout_.daemon_dir, fs::perms::group_write, fs::perm_options::add);
  EXPECT_EQ(refusal(), layout_.daemon_dir.string() + " is open to other users");
  EXPECT_THROW(make_daemon_directory(layout_), Error);
}

TEST_F(StateFile, IsRefusedBehindALink) {
  fs::rename(file_, layout_.daemon_dir / "elsewhere");
  fs::create_symlink(layout_.daemon_dir / "elsewhere", file_);
  EXPECT_EQ(refusal(), "Cannot read " + file_.string() + ": Too many levels of symbolic links");
}

TEST_F(StateFile, IsRefusedInALinkedFolder) {
  fs::rename(layout_.daemon_dir, layout_.daemons_dir / "elsewhere");
  fs::create_directory_symlink(layout_.daemons_dir / "elsewhere", layout_.daemon_dir);
  EXPECT_EQ(refusal(), layout_.daemon_dir.string() + " is not a folder");
}

TEST_F(StateFile, IsRefusedWhenItIsAPipeWithoutWaitingForAWriter) {
  fs::remove(file_);
  ASSERT_EQ(::mkfifo(file_.c_str(), 0600), 0);
  EXPECT_EQ(refusal(), file_.string() + " is not a file");
}

TEST_F(StateFile, IsRefusedWhenItBelongsToAnother) {
  if (::chown(file_.c_str(), 65534, 65534) != 0) GTEST_SKIP() << "only root gives files away";
  EXPECT_EQ(refusal(), file_.string() + " belongs to user nobody");
  EXPECT_TRUE(load_state(layout_).is_foreign);
}

TEST_F(StateFile, IsRefusedWhenItIsHalfWritten) {
  fs::resize_file(file_, fs::file_size(file_) / 2);
  EXPECT_TRUE(refusal().starts_with("The daemon's state file is not valid JSON")) << refusal();
  fs::resize_file(file_, 0);
  EXPECT_FALSE(refusal().empty());
}

}  // namespace
}  // namespace ktx::daemon
