// The index as bytes. Numbers are little-endian.

#include <concepts>
#include <ranges>

#include "source_index.hpp"

namespace ktx::project {
namespace {

constexpr std::string_view index_format = "ktx source index 1\n";

template <std::integral Number>
void write_number(std::string& bytes, Number number) {
  auto rest = static_cast<std::make_unsigned_t<Number>>(number);
  for (std::size_t i = 0; i < sizeof(Number); ++i, rest = static_cast<decltype(rest)>(rest >> 8U)) {
    bytes += static_cast<char>(rest & 0xFFU);
  }
}

void write_moment(std::string& bytes, const Moment& moment) {
  write_number(bytes, moment.seconds);
  write_number(bytes, moment.nanoseconds);
}

/// Takes values off the bytes; `failed` once they do not suffice.
class IndexReader {
 public:
  explicit IndexReader(std::string_view bytes) : rest_(bytes) {}

  std::string_view text(std::size_t size) {
    if (size > rest_.size()) failed_ = true;
    if (failed_) return {};
    const std::string_view text = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return text;
  }

  template <std::integral Number>
  Number number() {
    std::make_unsigned_t<Number> number = 0;
    const std::string_view bytes = text(sizeof(Number));
    for (const char byte : std::views::reverse(bytes)) {
      number = static_cast<decltype(number)>((number << 8U) | static_cast<unsigned char>(byte));
    }
    return static_cast<Number>(number);
  }

  Moment moment() {
    const auto seconds = number<std::int64_t>();
    return {seconds, number<std::int32_t>()};
  }

  bool failed() const { return failed_; }
  bool at_end() const { return !failed_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

void write_file(std::string& bytes, const IndexedFile& file) {
  write_number(bytes, static_cast<std::uint32_t>(file.name.size()));
  bytes += file.name;
  write_number(bytes, file.stamp.device);
  write_number(bytes, file.stamp.inode);
  write_number(bytes, file.stamp.size);
  write_moment(bytes, file.stamp.modified);
  write_moment(bytes, file.stamp.changed);
  bytes.append(reinterpret_cast<const char*>(file.hash.data()), file.hash.size());  // bytes as bytes
}

IndexedFile read_file_entry(IndexReader& reader) {
  IndexedFile file;
  file.name = reader.text(reader.number<std::uint32_t>());
  file.stamp.device = reader.number<std::uint64_t>();
  file.stamp.inode = reader.number<std::uint64_t>();
  file.stamp.size = reader.number<std::uint64_t>();
  file.stamp.modified = reader.moment();
  file.stamp.changed = reader.moment();
  const std::string_view hash = reader.text(file.hash.size());
  std::copy(hash.begin(), hash.end(), file.hash.begin());
  return file;
}

}  // namespace

std::string encode(const SourceIndex& index) {
  constexpr std::size_t usual_size = 160;  // bytes a file
  std::string bytes(index_format);
  bytes.reserve(bytes.size() + index.files.size() * usual_size);
  write_number(bytes, index.clock_start);
  for (const IndexedFile& file : index.files) write_file(bytes, file);
  return bytes;
}

std::optional<SourceIndex> decode_source_index(std::string_view bytes) {
  IndexReader reader(bytes);
  if (reader.text(index_format.size()) != index_format) return std::nullopt;
  SourceIndex index;
  index.clock_start = reader.number<std::int64_t>();
  while (!reader.failed() && !reader.at_end()) {
    IndexedFile file = read_file_entry(reader);
    const bool in_order = index.files.empty() || index.files.back().name < file.name;
    if (reader.failed() || !in_order) return std::nullopt;
    index.files.push_back(std::move(file));
  }
  if (reader.failed()) return std::nullopt;
  return index;
}

}  // namespace ktx::project
