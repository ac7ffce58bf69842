// What changes in a folder must change the digest that is made by the index of unchanged files.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "ktx/project/source_tree.hpp"
#include "source_digest_fixture.hpp"

namespace ktx::project {
namespace {

namespace fs = std::filesystem;

/// Two files and an index that vouches for both.
class IndexedDigest : public SourceDigest {
 protected:
  IndexedDigest() {
    write("a.yaml", source_text("a"));
    write("deep/b.yaml", source_text("b"));
    before_ = load();
  }

  void expect_changed() const {
    EXPECT_EQ(indexed(), fresh());
    EXPECT_NE(fresh(), before_);
  }

  struct stat status_of(const std::string& name) const {
    struct stat status {};
    EXPECT_EQ(::stat(path(name).c_str(), &status), 0);
    return status;
  }

  /// Gives the file the modification time that `status` has.
  void restore_time(const std::string& name, const struct stat& status) const {
    const std::array times = {status.st_atim, status.st_mtim};
    ASSERT_EQ(::utimensat(AT_FDCWD, path(name).c_str(), times.data(), 0), 0);
  }

  std::string before_;
};

TEST_F(IndexedDigest, IsThatOfTheTree) {
  EXPECT_EQ(before_.size(), 64U);
  EXPECT_EQ(indexed(), before_);
  EXPECT_EQ(fresh(), before_);
  EXPECT_EQ(vouched_for(),
            (std::vector<std::string>{"semantic-layer/w/a.yaml", "semantic-layer/w/deep/b.yaml"}));
}

TEST_F(IndexedDigest, DoesNotReadWhatTheIndexVouchesFor) {
  falsify_index();
  ASSERT_TRUE(indexed().has_value());
  EXPECT_NE(indexed(), before_);
}

TEST_F(IndexedDigest, SeesAnEditOfTheSameSize) {
  write("a.yaml", source_text("x"));
  expect_changed();
}

TEST_F(IndexedDigest, SeesAnEditWhoseModificationTimeWasSetBack) {
  const auto status = status_of("a.yaml");
  write("a.yaml", source_text("x"));
  restore_time("a.yaml", status);
  expect_changed();
}

TEST_F(IndexedDigest, SeesAnEditInPlaceThroughAHardLink) {
  fs::create_hard_link(path("a.yaml"), project_ / "other name");
  EXPECT_EQ(indexed(), before_);
  std::fstream(project_ / "other name") << source_text("x");
  expect_changed();
}

TEST_F(IndexedDigest, SeesAFileReplacedByRenaming) {
  const auto status = status_of("a.yaml");
  write("new", source_text("x"));
  restore_time("new", status);
  fs::rename(path("new"), path("a.yaml"));
  expect_changed();
}

TEST_F(IndexedDigest, SeesTwoFilesChangePlaces) {
  fs::rename(path("a.yaml"), path("c"));
  fs::rename(path("deep/b.yaml"), path("a.yaml"));
  fs::rename(path("c"), path("deep/b.yaml"));
  expect_changed();
}

TEST_F(IndexedDigest, SeesNewFilesAndThoseThatAreGone) {
  write("c.yaml", "");
  expect_changed();
  fs::remove(path("c.yaml"));
  EXPECT_EQ(indexed(), before_);
  fs::remove(path("a.yaml"));
  expect_changed();
}

TEST_F(IndexedDigest, SeesAFolderRenamed) {
  fs::rename(path("deep"), path("deeper"));
  expect_changed();
  fs::rename(path("deeper"), path(".deeper"));
  expect_changed();
}

TEST_F(IndexedDigest, SeesAnotherFolderInThePlace) {
  fs::create_directories(project_ / "elsewhere/deep");
  ktx::test::write_file(project_ / "elsewhere/a.yaml", source_text("x"));
  ktx::test::write_file(project_ / "elsewhere/deep/b.yaml", source_text("b"));
  fs::rename(layer(), project_ / "former");
  fs::create_directory_symlink(project_ / "elsewhere", layer());
  expect_changed();
}

TEST_F(IndexedDigest, SeesAFileBecomeAFolder) {
  fs::remove(path("a.yaml"));
  write("a.yaml/a.yaml", source_text("a"));
  expect_changed();
}

TEST_F(IndexedDigest, SeesALinkLeadElsewhereAndItsTargetChange) {
  ktx::test::write_file(project_ / "one", source_text("1"));
  ktx::test::write_file(project_ / "two", source_text("2"));
  fs::create_symlink(project_ / "one", path("link.yaml"));
  before_ = load();
  EXPECT_EQ(vouched_for().size(), 3U);
  fs::remove(path("link.yaml"));
  fs::create_symlink(project_ / "two", path("link.yaml"));
  expect_changed();
  before_ = fresh();
  ktx::test::write_file(project_ / "two", source_text("3"));
  expect_changed();
}

TEST_F(IndexedDigest, LearnsThatATouchedFileHoldsTheSame) {
  write("a.yaml", source_text("a"));
  const auto stale = place().load().value();
  EXPECT_EQ(indexed(), before_);
  const auto learned = place().load().value();
  EXPECT_FALSE(learned.agrees_with(stale));
  EXPECT_EQ(learned.files.size(), 2U);
}

TEST_F(IndexedDigest, DoesNotVouchForFilesOfTheFuture) {
  auto status = status_of("a.yaml");
  status.st_mtim.tv_sec = 16'725'225'600;  // the year 2500, more nanoseconds than 64 bits hold
  restore_time("a.yaml", status);
  EXPECT_EQ(indexed(), before_);
  EXPECT_EQ(vouched_for(), (std::vector<std::string>{"semantic-layer/w/deep/b.yaml"}));
  write("a.yaml", source_text("x"));
  restore_time("a.yaml", status);
  expect_changed();
}

TEST_F(IndexedDigest, DoesNotVouchForFilesOfLately) {
  write("a.yaml", source_text("x"));
  EXPECT_EQ(indexed(read_clock()), fresh());
  EXPECT_EQ(vouched_for(), (std::vector<std::string>{"semantic-layer/w/deep/b.yaml"}));
}

TEST_F(IndexedDigest, ReadsAllWhenTheClockWasSet) {
  for (const std::int64_t set : {-3'600'000, -1'000, 1'000, 3'600'000}) {
    falsify_index();
    Clock clock = settled();
    clock.start += set;
    EXPECT_EQ(indexed(clock), before_) << set;
    falsify_index();
    EXPECT_NE(indexed(clock), before_) << "and keeps an index by the new clock";
    clock.start -= set;
    EXPECT_EQ(indexed(clock), before_);
  }
}

TEST_F(IndexedDigest, DoesNotVouchForFilesOfOtherFileSystems) {
  fs::create_symlink("/proc/version", path("proc.yaml"));
  EXPECT_EQ(indexed(), fresh());
  EXPECT_EQ(vouched_for().size(), 2U);
}

TEST_F(IndexedDigest, IsNotKnownWhereSomethingCannotBeRead) {
  fs::create_symlink("nowhere", path("dangling.yaml"));
  EXPECT_EQ(indexed(), std::nullopt);
  const std::string dangling = fresh();
  EXPECT_NE(dangling, before_);
  fs::remove(path("dangling.yaml"));
  write("dangling.yaml", "");
  EXPECT_NE(fresh(), dangling);
}

TEST_F(IndexedDigest, DoesNotWaitForAPipe) {
  ASSERT_EQ(::mkfifo(path("pipe.yaml").c_str(), 0600), 0);
  EXPECT_EQ(indexed(), std::nullopt);
}

TEST_F(IndexedDigest, NeedsAWholeIndex) {
  for (const auto& entry : fs::recursive_directory_iterator(cache_.path())) {
    const bool is_index = entry.path().filename().string().size() == 64;
    if (is_index) fs::resize_file(entry.path(), entry.file_size() - 1);
  }
  EXPECT_EQ(indexed(), std::nullopt);
  EXPECT_EQ(load(), before_);
  EXPECT_EQ(indexed(), before_);
}

TEST_F(IndexedDigest, IsThatOfOneProjectAndConnection) {
  fs::copy(layer(), project_ / "semantic-layer/v", fs::copy_options::recursive);
  EXPECT_EQ(source_tree_digest(project_.path(), "v", &store_), std::nullopt);
  EXPECT_NE(load_source_tree(project_.path(), "v").digest, before_) << "the names differ";
}

TEST_F(IndexedDigest, FindsTheProjectBehindALink) {
  const ktx::test::TemporaryDirectory elsewhere;
  fs::create_directory_symlink(project_.path(), elsewhere / "link");
  EXPECT_EQ(digest_by_index(elsewhere / "link", "w", store_, settled()), before_);
}

TEST_F(SourceDigest, IsNotKnownWithoutAStoreOrAnIndex) {
  write("a.yaml", source_text("a"));
  EXPECT_EQ(source_tree_digest(project_.path(), "w", nullptr), std::nullopt);
  EXPECT_EQ(source_tree_digest(project_.path(), "w", &store_), std::nullopt);
  const std::string digest = load_source_tree(project_.path(), "w", &store_).digest;
  EXPECT_EQ(source_tree_digest(project_.path(), "w", &store_), digest);
}

TEST_F(SourceDigest, HasNoTwoReadingsOfNamesAndBytes) {
  std::vector<std::string> digests = {fresh()};  // without a folder
  const auto add = [&] { digests.push_back(fresh()); };
  write("a.yaml", "");
  add();
  write("a.yaml", "b.yaml");
  add();
  write("b.yaml", "");
  add();
  fs::remove(path("a.yaml"));
  add();
  write("b.yaml", "a.yaml");
  add();
  write("_schema/b.yaml", "a.yaml");
  add();
  std::ranges::sort(digests);
  EXPECT_EQ(std::ranges::adjacent_find(digests), digests.end());
}

}  // namespace
}  // namespace ktx::project
