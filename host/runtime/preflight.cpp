#include "ktx/runtime/preflight.hpp"

#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "ktx/util/error.hpp"

namespace ktx::runtime {
namespace {

namespace fs = std::filesystem;

constexpr const char* retry = ", then run: ktx runtime install --yes";

std::string mebibytes(std::uint64_t bytes) { return std::to_string(bytes >> 20U) + " MiB"; }

Error unfit(std::string message, const std::string& fix) {
  return {ErrorKind::install, std::move(message), fix + retry};
}

void check_mount(const fs::path& directory, const FileSystemFacts& facts) {
  if (facts.read_only) {
    throw unfit("Cannot install the KTX Python runtime into " + directory.string() +
                    ": its file system is mounted read-only",
                "Mount it writable, or set KTX_RUNTIME_ROOT to a folder on another file system");
  }
  if (facts.no_exec) {
    throw unfit("Cannot install the KTX Python runtime into " + directory.string() +
                    ": its file system is mounted noexec, so neither programs nor libraries there could be "
                    "loaded",
                "Set KTX_RUNTIME_ROOT to a folder on a file system that is mounted without noexec");
  }
}

void check_permission(const fs::path& directory) {
  if (!fs::is_directory(directory)) {
    throw unfit("Cannot install the KTX Python runtime below " + directory.string() + ": it is not a folder",
                "Move that file away, or set KTX_RUNTIME_ROOT to another folder");
  }
  if (::access(directory.c_str(), W_OK | X_OK) == 0) return;
  throw unfit(system_error("Cannot write to", directory.string(), errno).message(),
              "Make the folder writable for you, or set KTX_RUNTIME_ROOT to one that is");
}

void check_room(const fs::path& directory, const FileSystemFacts& facts, const Features& features) {
  const std::uint64_t bytes = approximate_disk_space(features);
  if (facts.available_bytes < bytes) {
    throw unfit("Not enough room for the KTX Python runtime: it needs about " + mebibytes(bytes) + ", and " +
                    directory.string() + " has " + mebibytes(facts.available_bytes),
                "Free some room, or set KTX_RUNTIME_ROOT to a folder on another disk");
  }
  const std::uint64_t files = approximate_files(features);
  if (!facts.free_files || *facts.free_files >= files) return;
  throw unfit("Not enough inodes for the KTX Python runtime: it has about " + std::to_string(files) +
                  " files, and the file system of " + directory.string() + " has room for " +
                  std::to_string(*facts.free_files),
              "Remove files there, or set KTX_RUNTIME_ROOT to a folder on another file system");
}

}  // namespace

void check_place(const Layout& layout, const Features& features,
                 const std::function<void(const std::string&)>& notice, const FileSystemProbe& probe) {
  const fs::path directory = nearest_existing(layout.version_dir);
  const auto facts = probe(directory);  // not every file system can tell
  if (facts) check_mount(directory, *facts);
  check_permission(directory);
  if (!facts) return;
  check_room(directory, *facts, features);
  if (facts->network.empty() || !notice) return;
  notice("The KTX Python runtime goes to " + layout.runtime_root.string() +
         ", which is on a network file system (" + facts->network +
         "): locks may not hold between machines, and loading will be slow. Set KTX_RUNTIME_ROOT to a folder "
         "on a local disk to avoid that");
}

void make_directories(const fs::path& directory) {
  std::error_code failure;
  fs::create_directories(directory, failure);
  if (!failure) return;
  const bool too_long = failure == std::errc::filename_too_long;
  throw unfit(system_error("Cannot create", directory.string(), failure.value()).message(),
              too_long ? "Set KTX_RUNTIME_ROOT to a shorter path"
                       : "Make the folder above it writable, or set KTX_RUNTIME_ROOT to one that is");
}

}  // namespace ktx::runtime
