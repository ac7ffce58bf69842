#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "ktx/runtime/feature.hpp"
#include "ktx/runtime/layout.hpp"

namespace ktx::runtime {

/// The facts about a file system that matter for an install.
struct FileSystemFacts {
  bool read_only = false;
  bool no_exec = false;                     ///< mounted so that nothing on it may be run or mapped as code
  std::uint64_t available_bytes = 0;        ///< to this user
  std::optional<std::uint64_t> free_files;  ///< inodes left; std::nullopt where they are not counted
  std::string network;                      ///< "NFS", "SMB", …; empty on a local disk

  bool operator==(const FileSystemFacts&) const = default;
};

/// The facts of the file system at an existing path; std::nullopt where it cannot tell.
using FileSystemProbe = std::function<std::optional<FileSystemFacts>(const std::filesystem::path&)>;

/// Asks the system.
std::optional<FileSystemFacts> file_system_facts(const std::filesystem::path& path);

/// The kind of network file system with this type number (`statfs`) and, for FUSE, this name in the mount
/// table ("fuse.sshfs"). Empty for a local one.
std::string network_name(std::uint64_t type, std::string_view mount_type);

/// The kind of network file system ("NFS") that holds the folder, or will hold it; std::nullopt for a local
/// disk. On a network, locks may not hold between machines, and loading is slow.
std::optional<std::string> network_file_system(const std::filesystem::path& directory);

/// The nearest folder upwards that exists.
std::filesystem::path nearest_existing(std::filesystem::path directory);

/// Checks, before anything is made, that a runtime with `features` can be installed and run under its root: a
/// folder on a file system that is writable, not mounted noexec, and has enough room and inodes. Throws an
/// `install` error that names the folder and what to do. `notice` is told about a network file system.
void check_place(const Layout& layout, const Features& features,
                 const std::function<void(const std::string&)>& notice,
                 const FileSystemProbe& probe = file_system_facts);

/// Creates a directory and those above it. Throws an `install` error that names it.
void make_directories(const std::filesystem::path& directory);

}  // namespace ktx::runtime
