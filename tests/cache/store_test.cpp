#include "ktx/cache/store.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <csignal>
#include <thread>
#include <vector>

#include "ktx/util/digest.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "temporary_directory.hpp"

namespace ktx::cache {
namespace {

namespace fs = std::filesystem;

constexpr Kind small{"small", "", false, 8, 4096, 1024};

std::string key_of(const std::string& text) { return hex(sha256(text)); }

class CacheStore : public ::testing::Test {
 protected:
  fs::path file_of(const Kind& kind, const std::string& key) const {
    const fs::path folder = store_.directory() / kind.name;
    return (kind.divided ? folder / key.substr(0, 2) : folder) / key;
  }

  void age(const std::string& name, int seconds) const {
    const fs::path path = store_.directory() / "small" / name;
    fs::last_write_time(path, fs::file_time_type::clock::now() - std::chrono::seconds(seconds));
  }

  test::TemporaryDirectory folder_;
  Store store_{folder_.path() / "not" / "yet" / "there"};
  std::string key_ = key_of("key");
};

TEST_F(CacheStore, GivesBackWhatItWasGiven) {
  const std::string value("with\0zero\nand line", 18);
  for (const Kind& kind : all_kinds) {
    EXPECT_EQ(store_.get(kind, key_), std::nullopt);
    store_.put(kind, key_, value);
    EXPECT_EQ(store_.get(kind, key_), value);
    store_.put(kind, key_, "");
    EXPECT_EQ(store_.get(kind, key_), "");
    EXPECT_EQ(store_.usage(kind).entries, 1U);
  }
}

TEST_F(CacheStore, IsForItsUserAlone) {
  store_.put(answers, key_, "value");
  for (const auto& path : {store_.directory(), file_of(answers, key_).parent_path()}) {
    EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_all) << path;
  }
  EXPECT_EQ(fs::status(file_of(answers, key_)).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(CacheStore, TellsBackupsThatItIsACache) {
  store_.put(answers, key_, "value");
  EXPECT_TRUE(
      read_file(store_.directory() / "CACHEDIR.TAG").starts_with("Signature: 8a477f597d28d172789f0688"));
}

TEST_F(CacheStore, ADamagedEntryIsNone) {
  store_.put(answers, key_, "SELECT 1");
  const std::string whole = read_file(file_of(answers, key_));
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    test::write_file(file_of(answers, key_), damaged);
    EXPECT_EQ(store_.get(answers, key_), std::nullopt) << "byte " << i;
    test::write_file(file_of(answers, key_), whole.substr(0, i));
    EXPECT_EQ(store_.get(answers, key_), std::nullopt) << "cut at " << i;
  }
  test::write_file(file_of(answers, key_), whole + "x");
  EXPECT_EQ(store_.get(answers, key_), std::nullopt);
  test::write_file(file_of(answers, key_), whole);
  EXPECT_EQ(store_.get(answers, key_), "SELECT 1");
}

TEST_F(CacheStore, AnEntryUnderAnotherNameIsNone) {
  const std::string other = key_.substr(0, 63) + (key_.back() == '0' ? "1" : "0");
  store_.put(answers, key_, "value");
  fs::copy(file_of(answers, key_), file_of(answers, other));
  EXPECT_EQ(store_.get(answers, other), std::nullopt);
  store_.put(models, key_, "other");
  fs::copy(file_of(answers, key_), file_of(models, key_), fs::copy_options::overwrite_existing);
  EXPECT_EQ(store_.get(models, key_), std::nullopt);
}

TEST_F(CacheStore, WhatIsNoFileIsNone) {
  store_.put(answers, key_, "value");
  fs::remove(file_of(answers, key_));
  ASSERT_EQ(::mkfifo(file_of(answers, key_).c_str(), 0600), 0);
  EXPECT_EQ(store_.get(answers, key_), std::nullopt);
  fs::remove(file_of(answers, key_));
  fs::create_directory(file_of(answers, key_));
  EXPECT_EQ(store_.get(answers, key_), std::nullopt);
  store_.put(answers, key_, "value");  // cannot be put there, and that is all
  EXPECT_EQ(store_.get(answers, key_), std::nullopt);
}

TEST_F(CacheStore, KeepsNoValueThatIsTooLarge) {
  store_.put(small, key_, std::string(small.largest + 1, 'x'));
  EXPECT_EQ(store_.get(small, key_), std::nullopt);
  store_.put(small, key_, std::string(small.largest, 'x'));
  EXPECT_EQ(store_.get(small, key_), std::string(small.largest, 'x'));
}

TEST_F(CacheStore, LetsTheLongestUnusedGoWhenThereAreTooMany) {
  for (int i = 0; i < 8; ++i) {
    store_.put(small, key_of(std::to_string(i)), "value");
    age(key_of(std::to_string(i)), 1000 - i);
  }
  EXPECT_EQ(store_.usage(small).entries, 8U);
  store_.put(small, key_of("8"), "value");
  EXPECT_EQ(store_.usage(small).entries, 6U);
  for (int i = 0; i < 9; ++i) {
    EXPECT_EQ(store_.get(small, key_of(std::to_string(i))).has_value(), i >= 3) << i;
  }
}

TEST_F(CacheStore, LetsTheLongestUnusedGoWhenTheyAreTooLarge) {
  for (int i = 0; i < 5; ++i) {
    store_.put(small, key_of(std::to_string(i)), std::string(1000, 'x'));
    if (i < 4) age(key_of(std::to_string(i)), 1000 - i);
  }
  EXPECT_LE(store_.usage(small).bytes, small.bytes);
  EXPECT_EQ(store_.get(small, key_of("0")), std::nullopt);
  EXPECT_TRUE(store_.get(small, key_of("4")));
}

TEST_F(CacheStore, KnowsWhatWasUsedLately) {
  for (int i = 0; i < 8; ++i) {
    store_.put(small, key_of(std::to_string(i)), "value");
    age(key_of(std::to_string(i)), 200000 - i);
  }
  EXPECT_TRUE(store_.get(small, key_of("0")));
  store_.put(small, key_of("8"), "value");
  EXPECT_TRUE(store_.get(small, key_of("0")));
  EXPECT_EQ(store_.get(small, key_of("1")), std::nullopt);
}

TEST_F(CacheStore, RemovesWhatAKilledProcessLeftHalfWritten) {
  store_.put(small, key_, "value");
  for (const std::string name : {".new-old", ".new-fresh"})
    test::write_file(store_.directory() / "small" / name, "half");
  age(".new-old", 4000);
  store_.put(small, key_of("other"), "value");
  EXPECT_FALSE(fs::exists(store_.directory() / "small" / ".new-old"));
  EXPECT_TRUE(fs::exists(store_.directory() / "small" / ".new-fresh"));
}

TEST_F(CacheStore, DoesNotUseAFolderThatOthersMayWriteTo) {
  store_.put(answers, key_, "value");
  const fs::path part = file_of(answers, key_).parent_path();
  for (const auto& path : {part, store_.directory()}) {
    fs::permissions(path, fs::perms::group_write, fs::perm_options::add);
    EXPECT_EQ(store_.get(answers, key_), std::nullopt) << path;
    if (path == store_.directory()) break;
    fs::permissions(path, fs::perms::group_write, fs::perm_options::remove);
    EXPECT_EQ(store_.get(answers, key_), "value");
  }
  EXPECT_EQ(store_.objection(), "can be written to by others");
  EXPECT_THROW(store_.clear(answers), Error);
}

TEST_F(CacheStore, DoesNotFollowALinkToSomewhereElse) {
  store_.put(answers, key_, "value");
  fs::rename(store_.directory() / "answers", folder_.path() / "moved");
  fs::create_directory_symlink(folder_.path() / "moved", store_.directory() / "answers");
  EXPECT_EQ(store_.get(answers, key_), std::nullopt);
}

TEST_F(CacheStore, KeepsNothingWhereNoFolderCanBe) {
  test::write_file(folder_.path() / "file", "");
  const Store nowhere(folder_.path() / "file");
  nowhere.put(answers, key_, "value");
  EXPECT_EQ(nowhere.get(answers, key_), std::nullopt);
  EXPECT_EQ(nowhere.objection(), "cannot be opened as a folder");
  const Store below(folder_.path() / "file" / "below");
  below.put(answers, key_, "value");
  EXPECT_EQ(below.get(answers, key_), std::nullopt);
}

TEST_F(CacheStore, KeepsTheOldValueWhenTheDiskIsFull) {
  store_.put(answers, key_, "old");
  ASSERT_NE(std::signal(SIGXFSZ, SIG_IGN), SIG_ERR);
  rlimit usual{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &usual), 0);
  const rlimit little{100, usual.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &little), 0);
  store_.put(answers, key_, "new");
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &usual), 0);
  EXPECT_EQ(store_.get(answers, key_), "old");
  const auto left = fs::directory_iterator(file_of(answers, key_).parent_path());
  EXPECT_EQ(std::distance(begin(left), end(left)), 1);
}

TEST_F(CacheStore, ClearsEntriesAndNothingElse) {
  store_.put(answers, key_, "value");
  store_.put(models, key_, "value");
  test::write_file(file_of(answers, key_).parent_path() / ".new-half", "half");
  test::write_file(store_.directory() / "answers" / "mine.txt", "mine");
  test::write_file(file_of(answers, key_).parent_path() / "mine.txt", "mine");
  EXPECT_EQ(store_.clear(answers).entries, 1U);
  EXPECT_EQ(store_.usage(answers).entries, 0U);
  EXPECT_EQ(store_.get(models, key_), "value");
  EXPECT_TRUE(fs::exists(store_.directory() / "answers" / "mine.txt"));
  EXPECT_TRUE(fs::exists(file_of(answers, key_).parent_path() / "mine.txt"));
  EXPECT_FALSE(fs::exists(file_of(answers, key_).parent_path() / ".new-half"));
  EXPECT_EQ(store_.clear(answers).entries, 0U);
}

TEST_F(CacheStore, GivesOnlyWholeValuesToManyAtOnce) {
  const auto value = [](char letter) { return std::string(1000, letter); };
  const auto work = [&](char letter) {
    for (int i = 0; i < 200; ++i) {
      store_.put(small, key_of(std::to_string(i % 12)), value(letter));
      const auto found = store_.get(small, key_of(std::to_string((i + 5) % 12)));
      EXPECT_TRUE(!found || *found == value(found->front()));
    }
  };
  std::vector<std::thread> threads;
  for (char letter = 'a'; letter < 'e'; ++letter) threads.emplace_back(work, letter);
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(store_.usage(small).bytes, small.bytes);
}

}  // namespace
}  // namespace ktx::cache
