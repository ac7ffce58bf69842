#include "ktx/util/filesystem.hpp"

#include <gtest/gtest.h>

#include <string>

#include "expect_error.hpp"
#include "temporary_directory.hpp"

namespace ktx {
namespace {

TEST(ReadFile, GivesAllBytesOfFilesOfAnySize) {
  const test::TemporaryDirectory folder;
  for (const std::size_t size : {0UL, 1UL, 4095UL, 4096UL, 4097UL, 1'000'000UL}) {
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 31);
    EXPECT_EQ(read_file(folder.write("file", bytes)), bytes) << size;
  }
}

TEST(ReadFile, ReadsFilesThatDoNotTellTheirSize) {
  const std::string settings =
      read_file("/proc/self/smaps");  // its size is said to be 0, and is more than 4096
  EXPECT_GT(settings.size(), 4096U);
  EXPECT_TRUE(settings.ends_with('\n'));
}

TEST(ReadFile, SaysWhatCannotBeRead) {
  const test::TemporaryDirectory folder;
  EXPECT_EQ(read_file_if_exists(folder / "none"), std::nullopt);
  const Error absent = test::error_of([&] { read_file(folder / "none"); });
  EXPECT_EQ(absent.message(), "Cannot read " + (folder / "none").string() + ": No such file or directory");
  const Error directory = test::error_of([&] { read_file(folder.path()); });
  EXPECT_EQ(directory.message(), "Cannot read " + folder.path().string() + ": Is a directory");
}

}  // namespace
}  // namespace ktx
