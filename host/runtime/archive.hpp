#pragma once

#include <filesystem>

#include "helper_python.hpp"
#include "ktx/util/environment.hpp"
#include "ktx/util/subprocess.hpp"

namespace ktx::runtime {

/// Zip archives, by the `zipfile` of a Python: an install has one at hand in any case.
struct Archiver {
  CommandRunner& runner;
  const Environment& environment;
  const HelperPython& python;

  /// Writes everything below `folder` into a new archive, uncompressed (wheels are compressed already).
  /// Throws an `io` error.
  void pack(const std::filesystem::path& folder, const std::filesystem::path& archive) const;

  /// Unpacks into a new `folder`. Throws an `install` error for what is no zip archive, is damaged, or has
  /// a link in it or a name that leads elsewhere (absolute, or with "..").
  void unpack(const std::filesystem::path& archive, const std::filesystem::path& folder) const;

 private:
  CommandResult run(const char* script, const std::filesystem::path& from,
                    const std::filesystem::path& to) const;
};

}  // namespace ktx::runtime
