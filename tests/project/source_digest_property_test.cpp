// Random edits, one after the other without a pause: the digest by the index is that of the files, always.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <random>

#include "ktx/project/source_tree.hpp"
#include "source_digest_fixture.hpp"

namespace ktx::project {
namespace {

namespace fs = std::filesystem;

class RandomEdits : public SourceDigest {
 protected:
  void edit() {
    switch (pick(9)) {
      case 0: std::ofstream(path(file())) << source_text(std::to_string(pick(1000))); return;
      case 1: edit_in_place(file()); return;
      case 2: edit_in_place_and_restore_time(file()); return;
      case 3: ::unlink(path(file()).c_str()); return;
      case 4: move(file(), file()); return;
      case 5: touch(file(), {0, UTIME_NOW}); return;
      case 6: touch(file(), {pick(2) == 0 ? 86'400 : 7'258'118'400, 0}); return;  // 1970 or 2200
      case 7: replace_by_renaming(file()); return;
      default: link(file(), file()); return;
    }
  }

  int pick(int count) { return std::uniform_int_distribution<int>(0, count - 1)(random_); }
  std::string file() { return (pick(3) == 0 ? "deep/s" : "s") + std::to_string(pick(12)) + ".yaml"; }
  static std::string letter(int number) { return {static_cast<char>('a' + number)}; }

  /// A byte of the same size, in the same inode.
  void edit_in_place(const std::string& name) {
    std::fstream text(path(name), std::ios::in | std::ios::out);
    text.seekp(7);
    text << letter(pick(26));
  }

  void edit_in_place_and_restore_time(const std::string& name) {
    struct stat status {};
    if (::stat(path(name).c_str(), &status) != 0) return;
    edit_in_place(name);
    touch(name, status.st_mtim);
  }

  void touch(const std::string& name, const timespec& time) const {
    const std::array times = {timespec{0, UTIME_OMIT}, time};
    ::utimensat(AT_FDCWD, path(name).c_str(), times.data(), 0);
  }

  void move(const std::string& from, const std::string& to) const {
    std::error_code absent;
    fs::rename(path(from), path(to), absent);
  }

  void replace_by_renaming(const std::string& name) {
    struct stat status {};
    if (::stat(path(name).c_str(), &status) != 0) return;
    write("new", source_text(letter(pick(26))));
    touch("new", status.st_mtim);
    move("new", name);
  }

  void link(const std::string& target, const std::string& name) {
    std::error_code ignored;
    if (target == name) return;
    ::unlink(path(name).c_str());
    if (pick(2) == 0) {
      fs::create_hard_link(path(target), path(name), ignored);
    } else {
      fs::create_symlink(path(target), path(name), ignored);
    }
  }

  /// The clock as it will be in a nanosecond less than two seconds: what was changed in this tick of the
  /// clock is in doubt, what was changed before is not.
  static Clock ahead() {
    Clock clock = read_clock();
    clock.now.seconds += 2;
    if (clock.now.nanoseconds-- == 0) {
      clock.now.seconds -= 1;
      clock.now.nanoseconds = 999'999'999;
    }
    return clock;
  }

  std::mt19937 random_{20261121};
};

TEST_F(RandomEdits, NeverGoUnseen) {
  for (int i = 0; i < 12; ++i) write("s" + std::to_string(i) + ".yaml", source_text(letter(i)));
  write("deep/s0.yaml", source_text("z"));
  load_sources(project_.path(), "w", &store_, ahead());
  std::size_t vouched = 0;
  // As long as nothing is vouched for, because the clock has not ticked, nothing is shown.
  for (int step = 0; step < 1500 || vouched < 1000; ++step) {
    for (int edits = pick(3); edits >= 0; --edits) edit();
    const SourceTree tree = load_sources(project_.path(), "w", nullptr, read_clock());
    const auto digest = indexed(ahead());
    const bool unreadable = std::ranges::any_of(
        tree.findings, [](const Finding& finding) { return finding.code == "unreadable-file"; });
    ASSERT_EQ(digest, unreadable ? std::nullopt : std::optional(tree.digest)) << "in step " << step;
    vouched += vouched_for().size();
    if (pick(50) == 0) load_sources(project_.path(), "w", &store_, ahead());
  }
}

TEST_F(RandomEdits, NeverGoUnseenByTheClockAsItIs) {
  write("deep/s0.yaml", source_text("z"));
  load_source_tree(project_.path(), "w", &store_);
  for (int step = 0; step < 300; ++step) {
    edit();
    const SourceTree tree = load_source_tree(project_.path(), "w");
    const auto digest = source_tree_digest(project_.path(), "w", &store_);
    ASSERT_EQ(digest.value_or(tree.digest), tree.digest) << "in step " << step;
  }
}

}  // namespace
}  // namespace ktx::project
