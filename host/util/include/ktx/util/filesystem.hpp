#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace ktx {

/// The whole file as bytes. Throws an `io` error that names the file and the system's reason.
std::string read_file(const std::filesystem::path& path);

/// As `read_file`, but nothing when there is no such file.
std::optional<std::string> read_file_if_exists(const std::filesystem::path& path);

/// What can still be read from an open file; `path` is for errors only. Throws as `read_file`.
std::string read_descriptor(int descriptor, const std::filesystem::path& path);

/// Whether anything is at `path`, links followed; a path that cannot be looked at counts as absent.
bool path_exists(const std::filesystem::path& path);

}  // namespace ktx
