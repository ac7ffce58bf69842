#pragma once

#include <gtest/gtest.h>

#include <ctime>
#include <filesystem>
#include <optional>
#include <string>

#include "source_index.hpp"
#include "source_loading.hpp"
#include "temporary_directory.hpp"

namespace ktx::project {

/// A source of its own size for each size of `name`.
inline std::string source_text(const std::string& name) {
  return "table: " + name + "\ngrain: [id]\ncolumns: [{name: id, type: number}]\n";
}

/// A project with a connection `w`, and a store beside it.
class SourceDigest : public testing::Test {
 protected:
  std::filesystem::path path(const std::string& name) const { return layer() / name; }
  std::filesystem::path layer() const { return project_ / "semantic-layer/w"; }

  void write(const std::string& name, const std::string& text) const {
    ktx::test::write_file(path(name), text);
  }

  /// The clock two seconds on, so that all that was written before the call is old enough, and all that is
  /// written after it is dated later: the clock by which files are dated, which moves in steps, has come to
  /// the time of the call meanwhile.
  static Clock settled() {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    const Moment called{now.tv_sec, static_cast<std::int32_t>(now.tv_nsec)};
    Clock clock = read_clock();
    while (clock.now <= called) clock = read_clock();
    clock.now.seconds += 2;
    return clock;
  }

  /// The digest without any index.
  std::string fresh() const { return load_sources(project_.path(), "w", nullptr, read_clock()).digest; }

  /// Loads the tree and keeps an index of all that is there.
  std::string load() const { return load_sources(project_.path(), "w", &store_, settled()).digest; }

  std::optional<std::string> indexed() const { return indexed(settled()); }
  std::optional<std::string> indexed(const Clock& clock) const {
    return digest_by_index(project_.path(), "w", store_, clock);
  }

  IndexPlace place() const { return IndexPlace::of(store_, project_.path(), "w").value(); }

  std::vector<std::string> vouched_for() const {
    std::vector<std::string> names;
    for (const auto& file : place().load().value_or(SourceIndex{}).files) names.push_back(file.name);
    return names;
  }

  /// Makes the index lie about what the files hold, which shows when it is believed.
  void falsify_index() const {
    const auto index = place().load().value();
    SourceIndex lie = index;
    for (auto& file : lie.files) file.hash[0] ^= 1U;
    place().update(index, lie);
  }

  ktx::test::TemporaryDirectory project_;
  ktx::test::TemporaryDirectory cache_;
  cache::Store store_{cache_ / "cache"};
};

}  // namespace ktx::project
