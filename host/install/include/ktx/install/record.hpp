#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ktx::runtime {

/// An installed file that is not what its package's RECORD says.
struct RecordFault {
  enum class Kind { missing, changed };

  Kind kind = Kind::missing;
  std::filesystem::path path;
  std::string package = {};  ///< the name of the package that it belongs to

  /// "missing /x/y" or "changed /x/y".
  std::string describe() const;
};

struct RecordCheck {
  std::size_t files = 0;            ///< how many were compared
  std::vector<RecordFault> faults;  ///< in the order of the directories and their RECORDs

  /// SHA-256 of the names and digests of all RECORD files, as hexadecimal. It detects a removed package or a
  /// changed RECORD, which comparing files with their RECORD cannot.
  std::string records_sha256;
};

/// Compares every installed file below the site-packages `directories` with the SHA-256 in its RECORD.
/// Files that RECORD lists without a digest (RECORD itself) are not compared. Throws an `install` error for
/// a RECORD that cannot be understood.
RecordCheck check_records(const std::vector<std::filesystem::path>& directories);

/// A line of a RECORD file.
struct RecordLine {
  std::string path;    ///< relative to site-packages
  std::string digest;  ///< "sha256=…"; may be empty

  bool operator==(const RecordLine&) const = default;
};

/// The lines of a RECORD, which is CSV. Accepts any text; the caller judges what the lines say.
std::vector<RecordLine> parse_record(std::string_view text);

}  // namespace ktx::runtime
