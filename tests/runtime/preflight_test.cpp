#include "ktx/install/preflight.hpp"

#include <gtest/gtest.h>

#include "expect_error.hpp"
#include "runtime_fixture.hpp"

namespace ktx::runtime {
namespace {

constexpr std::uint64_t gibibyte = std::uint64_t{1} << 30U;

class PreflightTest : public testing::Test {
 protected:
  std::string error() {
    const Error error = test::error_of([&] { check(); });
    EXPECT_EQ(error.kind(), ErrorKind::install);
    EXPECT_NE(error.message().find(fixture_.directory.path().string()), std::string::npos) << error.message();
    EXPECT_NE(error.fix().find("KTX_RUNTIME_ROOT"), std::string::npos) << error.fix();
    return error.message();
  }

  void check() {
    check_place(
        fixture_.layout, {Feature::core}, [&](const std::string& text) { notices_.push_back(text); },
        [&](const std::filesystem::path& path) {
          EXPECT_TRUE(std::filesystem::exists(path)) << path;
          return facts_;
        });
  }

  test::RuntimeFixture fixture_;
  std::optional<FileSystemFacts> facts_ =
      FileSystemFacts{.available_bytes = 10 * gibibyte, .free_files = 1'000'000, .network = {}};
  std::vector<std::string> notices_;
};

TEST_F(PreflightTest, AnOrdinaryFolderIsFine) {
  check();
  facts_ = std::nullopt;
  check();
  EXPECT_TRUE(notices_.empty());
  EXPECT_FALSE(std::filesystem::exists(fixture_.layout.runtime_root)) << "looking makes nothing";
}

TEST_F(PreflightTest, EachUnfitPlaceHasItsOwnMessage) {
  facts_->read_only = true;
  EXPECT_TRUE(error().ends_with("its file system is mounted read-only"));
  facts_->read_only = false;
  facts_->no_exec = true;
  EXPECT_NE(error().find("mounted noexec"), std::string::npos);
  facts_->no_exec = false;
  facts_->available_bytes = 3U << 20U;
  EXPECT_TRUE(error().starts_with("Not enough room for the KTX Python runtime: it needs about 250 MiB"));
  facts_->available_bytes = gibibyte;
  facts_->free_files = 7;
  EXPECT_TRUE(error().ends_with("has room for 7"));
}

TEST_F(PreflightTest, AFileSystemThatCountsNoInodesIsNotFull) {
  facts_->free_files = std::nullopt;
  check();
}

TEST_F(PreflightTest, AFileInTheWayIsNamed) {
  test::write_file(fixture_.layout.runtime_root, "a file");
  EXPECT_TRUE(error().ends_with(fixture_.layout.runtime_root.string() + ": it is not a folder"));
}

TEST_F(PreflightTest, ANameThatIsTooLongIsSaidToBe) {
  const Error error = test::error_of([&] { make_directories(fixture_.directory / std::string(300, 'x')); });
  EXPECT_TRUE(error.message().ends_with("File name too long")) << error.message();
  EXPECT_TRUE(error.fix().starts_with("Set KTX_RUNTIME_ROOT to a shorter path"));
}

TEST_F(PreflightTest, ANetworkFileSystemIsANotice) {
  facts_->network = "NFS";
  check();
  ASSERT_EQ(notices_.size(), 1U);
  EXPECT_NE(notices_[0].find(fixture_.layout.runtime_root.string()), std::string::npos);
  EXPECT_NE(notices_[0].find("network file system (NFS)"), std::string::npos);
  EXPECT_NE(notices_[0].find("KTX_RUNTIME_ROOT"), std::string::npos);
}

TEST(FileSystemTest, KnowsNetworkFileSystemsByTheirNumbers) {
  EXPECT_EQ(network_name(0x6969, ""), "NFS");
  EXPECT_EQ(network_name(0xFF534D42, ""), "CIFS");
  EXPECT_EQ(network_name(0xFE534D42, ""), "SMB");
  EXPECT_EQ(network_name(0x01021997, ""), "9p");
  EXPECT_EQ(network_name(0x0BD00BD0, ""), "Lustre");
  EXPECT_EQ(network_name(0x65735546, "fuse.sshfs"), "sshfs");
  for (const char* local : {"fuseblk", "fuse.bindfs", "fuse.ntfs-3g", ""}) {
    EXPECT_EQ(network_name(0x65735546, local), "") << local;
  }
  for (const std::uint64_t local : {0xEF53U, 0x01021994U, 0x58465342U, 0x9123683EU, 0x794C7630U}) {
    EXPECT_EQ(network_name(local, "fuse.sshfs"), "") << local;
  }
}

TEST(FileSystemTest, AsksTheSystem) {
  const test::TemporaryDirectory directory;
  const auto facts = file_system_facts(directory.path());
  ASSERT_TRUE(facts);
  EXPECT_FALSE(facts->read_only);
  EXPECT_GT(facts->available_bytes, 0U);
  EXPECT_EQ(file_system_facts(directory / "missing"), std::nullopt);
  EXPECT_EQ(nearest_existing(directory / "a/b/c"), directory.path());
}

}  // namespace
}  // namespace ktx::runtime
