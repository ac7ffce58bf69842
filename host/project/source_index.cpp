#include "source_index.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <concepts>
#include <cstdlib>
#include <ctime>
#include <ranges>

#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"

// Which source files are unchanged: the index, its bytes, and the stamps. Numbers in it are little-endian.

namespace ktx::project {

const IndexedFile* SourceIndex::find(const std::string& name, const FileStamp& stamp) const {
  const auto found = std::ranges::lower_bound(files, name, {}, &IndexedFile::name);
  return found != files.end() && found->name == name && found->stamp == stamp ? &*found : nullptr;
}

bool SourceIndex::agrees_with(const SourceIndex& other) const {
  return same_clock(clock_start, other.clock_start) && files == other.files;
}

SourceIndex index_of(const std::vector<std::string>& names, const std::vector<SourceBytes>& files,
                     std::int64_t clock_start) {
  SourceIndex index{clock_start, {}};
  for (std::size_t i = 0; i < names.size(); ++i) {
    // The others are read each time.
    if (files[i].readable() && files[i].stamp) {
      index.files.push_back({names[i], *files[i].stamp, files[i].hash});
    }
  }
  std::ranges::sort(index.files, {}, &IndexedFile::name);
  return index;
}

std::optional<IndexPlace> IndexPlace::of(const cache::Store& store,
                                         const std::filesystem::path& project_directory,
                                         const std::string& connection_id) {
  std::error_code failure;
  // Canonical, so that every path to a project finds the same index.
  const std::string folder = std::filesystem::canonical(project_directory, failure).string();
  if (failure) return std::nullopt;
  // With the folder's length, so that folder and connection cannot be confused.
  return IndexPlace(store, hex(sha256(std::to_string(folder.size()) + ":" + folder + connection_id)));
}

std::optional<SourceIndex> IndexPlace::load() const {
  const auto bytes = store_->get(cache::source_index, key_);
  return bytes ? decode_source_index(*bytes) : std::nullopt;
}

void IndexPlace::update(const std::optional<SourceIndex>& loaded, const SourceIndex& index) const {
  if (loaded && loaded->agrees_with(index)) return;
  store_->put(cache::source_index, key_, encode(index));
}

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

// Reads values off the front of the bytes; `failed` once there are too few.
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
  // Only to reserve memory.
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
    // `find` searches by halves, so an index out of order would hide files.
    const bool in_order = index.files.empty() || index.files.back().name < file.name;
    if (reader.failed() || !in_order) return std::nullopt;
    index.files.push_back(std::move(file));
  }
  if (reader.failed()) return std::nullopt;
  return index;
}

namespace {

constexpr std::string_view digest_format = "ktx source tree 1\n";

FileDescriptor open_source(const std::string& path) {
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) throw system_error("Cannot read", path, errno == ENOTDIR ? ENOENT : errno);
  return file;
}

// The stamp of the text that `read` reads, if the file did not change meanwhile and the stamp is a lasting
// one.
template <typename Read>
std::optional<FileStamp> stamp_while(int descriptor, const Moment& begun, Read read) {
  struct stat before {};
  struct stat after {};
  const bool seen = ::fstat(descriptor, &before) == 0;
  read();
  if (!seen || ::fstat(descriptor, &after) != 0 || stamp_of(before) != stamp_of(after)) return std::nullopt;
  return lasting_stamp(descriptor, after, begun);
}

// Appends eight bytes, the lowest first.
void append_number(std::string& bytes, std::uint64_t number) {
  for (int byte = 0; byte < 8; ++byte, number >>= 8U) bytes += static_cast<char>(number & 0xFFU);
}

}  // namespace

SourceBytes read_source_file(const std::filesystem::path& project_directory, const std::string& name,
                             const std::optional<Moment>& begun) {
  SourceBytes bytes;
  const std::string path = (project_directory / name).string();
  try {
    const FileDescriptor file = open_source(path);
    const auto read = [&] { bytes.text = read_descriptor(file.value(), path); };
    if (begun) {
      bytes.stamp = stamp_while(file.value(), *begun, read);
    } else {
      read();
    }
  } catch (const Error& error) {
    bytes.failure = error.message();
  }
  bytes.hash = sha256(bytes.readable() ? bytes.text : bytes.failure);
  return bytes;
}

std::string digest_of(const std::vector<std::string>& names, const std::vector<SourceBytes>& files) {
  std::string digested(digest_format);
  append_number(digested, names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    append_number(digested, names[i].size());
    digested += names[i];
    // A file that cannot be read must not equal a file that holds the error's text.
    digested += files[i].readable() ? 'r' : 'u';
    const Sha256& hash = files[i].hash;
    digested.append(reinterpret_cast<const char*>(hash.data()), hash.size());  // bytes as bytes
  }
  return hex(sha256(digested));
}

namespace {

constexpr std::int64_t margin_seconds = 2;
// In milliseconds. Twice this and one tick of the clock stay far below the margin.
constexpr std::int64_t clock_tolerance = 250;

// Not in every version of the system's header.
constexpr std::uint64_t xfs_magic = 0x58465342;
constexpr std::uint64_t zfs_magic = 0x2FC12FC1;
constexpr std::uint64_t bcachefs_magic = 0xCA451A4E;

// File systems that are local, writable, and take times of change from the kernel's clock.
constexpr std::array<std::uint64_t, 8> known_file_systems = {
    EXT4_SUPER_MAGIC, xfs_magic, BTRFS_SUPER_MAGIC, F2FS_SUPER_MAGIC,
    TMPFS_MAGIC,      zfs_magic, bcachefs_magic,    OVERLAYFS_SUPER_MAGIC};

constexpr std::int64_t thousand = 1000;
constexpr std::int64_t million = 1'000'000;

Moment moment_of(const timespec& time) { return {time.tv_sec, static_cast<std::int32_t>(time.tv_nsec)}; }

timespec time_of(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return time;
}

std::int64_t milliseconds(const timespec& time) { return time.tv_sec * thousand + time.tv_nsec / million; }

bool is_known_file_system(int descriptor) {
  struct statfs system {};
  constexpr decltype(system.f_flags) read_only = 1;  // ST_RDONLY
  if (::fstatfs(descriptor, &system) != 0 || (system.f_flags & read_only) != 0) return false;
  const auto type = static_cast<std::uint64_t>(system.f_type);
  return std::ranges::find(known_file_systems, type) != known_file_systems.end();
}

}  // namespace

FileStamp stamp_of(const struct stat& status) {
  return {status.st_dev, status.st_ino, static_cast<std::uint64_t>(status.st_size), moment_of(status.st_mtim),
          moment_of(status.st_ctim)};
}

Clock read_clock() {
  // CLOCK_BOOTTIME counts on while the machine sleeps, so a sleep is not taken for a set clock.
  const std::int64_t start = milliseconds(time_of(CLOCK_REALTIME)) - milliseconds(time_of(CLOCK_BOOTTIME));
  return {moment_of(time_of(CLOCK_REALTIME_COARSE)), start};
}

bool same_clock(std::int64_t start, std::int64_t other_start) {
  return start - clock_tolerance <= other_start && other_start <= start + clock_tolerance;
}

std::optional<FileStamp> lasting_stamp(int descriptor, const struct stat& status, const Moment& moment) {
  if (!S_ISREG(status.st_mode)) return std::nullopt;
  const FileStamp stamp = stamp_of(status);
  const Moment settled{moment.seconds - margin_seconds, moment.nanoseconds};
  if (std::max(stamp.modified, stamp.changed) > settled || !is_known_file_system(descriptor))
    return std::nullopt;
  return stamp;
}

}  // namespace ktx::project
