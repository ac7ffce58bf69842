#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "file_stamp.hpp"
#include "ktx/util/digest.hpp"

namespace ktx::project {

/// A source file as it was read, before anything is made of it.
struct SourceBytes {
  std::string text;                ///< empty also where only the hash is wanted, or known
  std::string failure;             ///< why it could not be read; empty when it was
  Sha256 hash{};                   ///< of the text, or of the failure
  std::optional<FileStamp> stamp;  ///< nothing when it does not vouch for the text

  bool readable() const { return failure.empty(); }
};

/// Reads the file `name`, relative to the project. `begun`, a time before this call, asks for a stamp.
SourceBytes read_source_file(const std::filesystem::path& project_directory, const std::string& name,
                             const std::optional<Moment>& begun);

/// The digest of a source tree, made of these files: SHA-256, in hexadecimal, of the number of files and then
/// of each file's name, with its length, whether it could be read, and its hash.
std::string digest_of(const std::vector<std::string>& names, const std::vector<SourceBytes>& files);

}  // namespace ktx::project
