#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ktx::runtime {

/// A line of a RECORD file.
struct RecordLine {
  std::string path;    ///< relative to site-packages
  std::string digest;  ///< "sha256=…"; may be empty

  bool operator==(const RecordLine&) const = default;
};

/// The lines of a RECORD, which is CSV. Any text has some: what they say is for the caller to judge.
std::vector<RecordLine> parse_record(std::string_view text);

}  // namespace ktx::runtime
