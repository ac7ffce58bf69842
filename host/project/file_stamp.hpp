#pragma once

#include <sys/stat.h>

#include <compare>
#include <cstdint>
#include <optional>

namespace ktx::project {

/// A time of the system's clock. Not one number of nanoseconds: a file may be dated in the year 2500.
struct Moment {
  std::int64_t seconds = 0;  ///< since 1970
  std::int32_t nanoseconds = 0;

  auto operator<=>(const Moment&) const = default;
};

/// What tells, without reading it, that a file is still the one that was read.
struct FileStamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;  ///< bytes
  Moment modified;         ///< the bytes; anyone may set it
  Moment changed;          ///< the bytes or what is known of the file; set by the system alone

  bool operator==(const FileStamp&) const = default;
};

FileStamp stamp_of(const struct stat& status);

/// The clock, and what tells whether it was set since another reading.
struct Clock {
  Moment now;              ///< of the coarse clock, the one that files are dated by
  std::int64_t start = 0;  ///< when the machine started by this clock, milliseconds since 1970

  bool operator==(const Clock&) const = default;
};

Clock read_clock();

/// Whether the clock ran on evenly between two readings, on a machine that was not started anew: not one that
/// was set by more than a quarter of a second.
bool same_clock(std::int64_t start, std::int64_t other_start);

/// The open file's stamp, if a file that is changed after `moment` can never have it again; nothing when
/// there is doubt:
/// - it is no regular file;
/// - one of its times is not two seconds older than `moment`: a change in the same tick of the clock would
/// not
///   show, and no file system in use ticks slower than every second or two;
/// - its file system is not known to take its times from this machine's clock (a network's, FUSE's), or it is
///   mounted read-only, and may be an image whose files all bear the same made-up time.
std::optional<FileStamp> lasting_stamp(int descriptor, const struct stat& status, const Moment& moment);

}  // namespace ktx::project
