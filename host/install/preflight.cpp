#include "ktx/install/preflight.hpp"

#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"

#ifdef __linux__
#include <sys/vfs.h>
#endif

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
  // mmap with PROT_EXEC fails there, so not even libraries load.
  if (facts.no_exec) {
    throw unfit("Cannot install the KTX Python runtime into " + directory.string() +
                    ": its file system is mounted noexec, so neither programs nor libraries there could be "
                    "loaded",
                "Set KTX_RUNTIME_ROOT to a folder on a file system that is mounted without noexec");
  }
}

// `directory` is the nearest folder that exists.
void check_permission(const fs::path& directory, const Layout& layout) {
  if (!fs::is_directory(directory)) {
    throw unfit("Cannot install the KTX Python runtime below " + directory.string() + ": it is not a folder",
                "Move that file away, or set KTX_RUNTIME_ROOT to another folder");
  }
  if (::access(directory.c_str(), W_OK | X_OK) == 0) return;
  if (!path_exists(layout.runtime_root)) {
    // Its parents may be anybody's: it is the root that is to be another.
    throw unfit("Cannot make " + layout.runtime_root.string() + " (from " + layout.root_origin +
                    "): " + directory.string() + " is not writable",
                "Set KTX_RUNTIME_ROOT to a folder where you may write");
  }
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
  // Btrfs and others count no inodes.
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
  const auto facts = probe(directory);  // std::nullopt on some file systems
  if (facts) check_mount(directory, *facts);
  // After the mount: access(2) says EROFS too, but the advice differs.
  check_permission(directory, layout);
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

namespace {

constexpr std::uint64_t fuse_type = 0x65735546;

struct NamedType {
  std::uint64_t type;
  std::string_view name;
};

// From linux/magic.h and statfs(2); not every system's headers have them all.
constexpr std::array<NamedType, 13> network_types = {{{0x6969, "NFS"},
                                                      {0x517B, "SMB"},
                                                      {0xFF534D42, "CIFS"},
                                                      {0xFE534D42, "SMB"},
                                                      {0x01021997, "9p"},
                                                      {0x0BD00BD0, "Lustre"},
                                                      {0x5346414F, "AFS"},
                                                      {0x6B414653, "AFS"},
                                                      {0x73757245, "Coda"},
                                                      {0x00C36400, "Ceph"},
                                                      {0x47504653, "GPFS"},
                                                      {0x19830326, "BeeGFS"},
                                                      {0xAAD7AAEA, "PanFS"}}};

// FUSE also serves local disks, so only these names count.
constexpr std::array<std::string_view, 8> network_mounts = {"fuse.sshfs",     "fuse.rclone",  "fuse.s3fs",
                                                            "fuse.glusterfs", "fuse.gcsfuse", "fuse.davfs",
                                                            "fuse.curlftpfs", "fuse.juicefs"};

#ifdef __linux__
// The type of the deepest mount that contains `path`, from the mount table.
std::string mount_type(const fs::path& path) {
  std::error_code ignored;
  const std::string canonical = fs::canonical(path, ignored).string() + "/";
  std::ifstream table("/proc/self/mounts");
  std::string line;
  std::string best;
  std::size_t deepest = 0;
  while (std::getline(table, line)) {
    std::istringstream words(line);
    std::string device;
    std::string point;
    std::string type;
    words >> device >> point >> type;
    if (!point.ends_with('/')) point += '/';
    if (!canonical.starts_with(point) || point.size() < deepest) continue;
    deepest = point.size();
    best = type;
  }
  return best;
}

std::string network_at(const fs::path& path) {
  struct statfs status {};
  if (::statfs(path.c_str(), &status) != 0) return {};
  // f_type is signed and wider on some systems; the numbers have 32 bits.
  const auto type = static_cast<std::uint32_t>(status.f_type);
  return network_name(type, type == fuse_type ? mount_type(path) : std::string());
}
#else
std::string network_at(const fs::path&) { return {}; }
#endif

bool is_no_exec([[maybe_unused]] const struct statvfs& status) {
#ifdef ST_NOEXEC
  return (status.f_flag & ST_NOEXEC) != 0;
#else
  return false;
#endif
}

}  // namespace

std::string network_name(std::uint64_t type, std::string_view mount_type) {
  for (const NamedType& known : network_types) {
    if (known.type == type) return std::string(known.name);
  }
  if (type != fuse_type) return {};
  for (const std::string_view known : network_mounts) {
    if (known == mount_type) return std::string(known.substr(known.find('.') + 1));
  }
  return {};
}

std::optional<FileSystemFacts> file_system_facts(const fs::path& path) {
  struct statvfs status {};
  if (::statvfs(path.c_str(), &status) != 0) return std::nullopt;
  FileSystemFacts facts{.read_only = (status.f_flag & ST_RDONLY) != 0,
                        .no_exec = is_no_exec(status),
                        .available_bytes = std::uint64_t{status.f_bavail} * status.f_frsize,
                        .free_files = std::nullopt,
                        .network = network_at(path)};
  if (status.f_files != 0) facts.free_files = std::uint64_t{status.f_favail};
  return facts;
}

fs::path nearest_existing(fs::path directory) {
  while (!path_exists(directory) && directory.has_relative_path()) directory = directory.parent_path();
  return directory;
}

std::optional<std::string> network_file_system(const fs::path& directory) {
  const auto facts = file_system_facts(nearest_existing(directory));
  return facts && !facts->network.empty() ? std::optional(facts->network) : std::nullopt;
}

}  // namespace ktx::runtime
