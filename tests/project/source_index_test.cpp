#include "source_index.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace ktx::project {
namespace {

SourceIndex example() {
  constexpr auto largest = std::numeric_limits<std::int64_t>::max();
  const FileStamp stamp{64'769, 1'234'567, 321, {1'795'279'519, 999'999'999}, {-1, 1}};
  const FileStamp extreme{~0ULL, ~0ULL, 0, {largest, 0}, {std::numeric_limits<std::int64_t>::min(), 5}};
  return {
      -86'400'000,
      {{"semantic-layer/w/a.yaml", stamp, sha256("a")}, {std::string("n\n\0é", 5), extreme, sha256("b")}}};
}

TEST(SourceIndex, ComesBackAsItWas) {
  SourceIndex index = example();
  std::ranges::sort(index.files, {}, &IndexedFile::name);
  const auto decoded = decode_source_index(encode(index));
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(decoded->clock_start, index.clock_start);
  EXPECT_EQ(decoded->files, index.files);
  EXPECT_TRUE(decode_source_index(encode(SourceIndex{})).has_value());
}

TEST(SourceIndex, IsNothingWhenCutShortOrLengthened) {
  SourceIndex index = example();
  std::ranges::sort(index.files, {}, &IndexedFile::name);
  const std::string bytes = encode(index);
  const std::size_t one = encode({index.clock_start, {index.files[0]}}).size();
  const std::size_t none = encode({index.clock_start, {}}).size();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const bool whole = size == one || size == none;
    EXPECT_EQ(decode_source_index(bytes.substr(0, size)).has_value(), whole) << size;
  }
  EXPECT_FALSE(decode_source_index(bytes + "x"));
}

TEST(SourceIndex, IsNothingInAnotherVersionOrOrder) {
  SourceIndex index = example();
  std::ranges::sort(index.files, {}, &IndexedFile::name);
  std::string bytes = encode(index);
  bytes.replace(bytes.find('1'), 1, "2");
  EXPECT_FALSE(decode_source_index(bytes));
  std::swap(index.files[0], index.files[1]);
  EXPECT_FALSE(decode_source_index(encode(index)));
  index.files[0] = index.files[1];
  EXPECT_FALSE(decode_source_index(encode(index))) << "a file twice";
}

TEST(SourceIndex, FindsAFileByNameAndWholeStamp) {
  SourceIndex index = example();
  std::ranges::sort(index.files, {}, &IndexedFile::name);
  const IndexedFile& file = index.files[1];
  EXPECT_EQ(index.find(file.name, file.stamp), &file);
  EXPECT_EQ(index.find(file.name + "x", file.stamp), nullptr);
  const auto changed = [&](auto change) {
    FileStamp stamp = file.stamp;
    change(stamp);
    return index.find(file.name, stamp) == nullptr;
  };
  EXPECT_TRUE(changed([](FileStamp& stamp) { ++stamp.device; }));
  EXPECT_TRUE(changed([](FileStamp& stamp) { ++stamp.inode; }));
  EXPECT_TRUE(changed([](FileStamp& stamp) { ++stamp.size; }));
  EXPECT_TRUE(changed([](FileStamp& stamp) { --stamp.modified.nanoseconds; }));
  EXPECT_TRUE(changed([](FileStamp& stamp) { ++stamp.modified.seconds; }));
  EXPECT_TRUE(changed([](FileStamp& stamp) { --stamp.changed.nanoseconds; }));
  EXPECT_TRUE(changed([](FileStamp& stamp) { ++stamp.changed.seconds; }));
}

}  // namespace
}  // namespace ktx::project
