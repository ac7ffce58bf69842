#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <ctime>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ktx/util/filesystem.hpp"

namespace ktx::cache {

/// Opens a folder; empty when it cannot be.
FileDescriptor open_folder(const std::filesystem::path& path);

/// Opens a folder in another; empty when it cannot be, or when there is an objection to it.
FileDescriptor open_folder_in(const FileDescriptor& parent, const std::string& name);

/// The same, after making it, for this user alone, where it is not there.
FileDescriptor make_folder_in(const FileDescriptor& parent, const std::string& name);

/// Why what is in such a folder is not to be trusted: "belongs to another user".
std::optional<std::string> objection_to(const FileDescriptor& folder);

/// A file in a folder.
struct File {
  std::string name;
  std::uint64_t bytes = 0;
  timespec modified{};
};

/// The plain files, in no order. What cannot be looked at is left out.
std::vector<File> files_in(const FileDescriptor& folder);

}  // namespace ktx::cache
