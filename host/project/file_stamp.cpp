#include "file_stamp.hpp"

#include <linux/magic.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>

namespace ktx::project {
namespace {

constexpr std::int64_t margin_seconds = 2;
// In milliseconds; two of them and a tick are far less than the margin.
constexpr std::int64_t clock_tolerance = 250;

// Not in every version of the system's header.
constexpr std::uint64_t xfs_magic = 0x58465342;
constexpr std::uint64_t zfs_magic = 0x2FC12FC1;
constexpr std::uint64_t bcachefs_magic = 0xCA451A4E;

/// Local, writable, and with the kernel's own times of change.
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
