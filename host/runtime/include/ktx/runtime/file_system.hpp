#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace ktx::runtime {

/// What matters of the file system that a folder is on.
struct FileSystemFacts {
  bool read_only = false;
  bool no_exec = false;                     ///< mounted so that nothing on it may be run or mapped as code
  std::uint64_t available_bytes = 0;        ///< to this user
  std::optional<std::uint64_t> free_files;  ///< inodes left; nothing where they are not counted
  std::string network;                      ///< "NFS", "SMB", …; empty on a local disk

  bool operator==(const FileSystemFacts&) const = default;
};

/// The facts of the file system at an existing path; nothing where it cannot tell.
using FileSystemProbe = std::function<std::optional<FileSystemFacts>(const std::filesystem::path&)>;

/// Asks the system.
std::optional<FileSystemFacts> file_system_facts(const std::filesystem::path& path);

/// What kind of network file system has this type number (`statfs`), with the name that the mount table has
/// for FUSE ones ("fuse.sshfs"). Empty for a local one.
std::string network_name(std::uint64_t type, std::string_view mount_type);

/// The kind of network file system ("NFS") that holds the folder, or would hold it once it is made; nothing
/// on a local disk. There, locks may not hold between machines, and loading is slow.
std::optional<std::string> network_file_system(const std::filesystem::path& directory);

/// The nearest folder upwards that exists.
std::filesystem::path nearest_existing(std::filesystem::path directory);

}  // namespace ktx::runtime
