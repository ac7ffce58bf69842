#include "ktx/runtime/file_system.hpp"

#include <sys/statvfs.h>

#include <array>
#include <fstream>
#include <sstream>

#include "ktx/util/filesystem.hpp"

#ifdef __linux__
#include <sys/vfs.h>
#endif

namespace ktx::runtime {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t fuse_type = 0x65735546;

struct NamedType {
  std::uint64_t type;
  std::string_view name;
};

// From linux/magic.h, as statfs(2) lists them; not every system's headers have them all.
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

// FUSE serves local disks too, so only these names count.
constexpr std::array<std::string_view, 8> network_mounts = {"fuse.sshfs",     "fuse.rclone",  "fuse.s3fs",
                                                            "fuse.glusterfs", "fuse.gcsfuse", "fuse.davfs",
                                                            "fuse.curlftpfs", "fuse.juicefs"};

#ifdef __linux__
/// The type in the mount table of the deepest mount above `path`.
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
  // The field is signed and of another width on some systems; the numbers have 32 bits.
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
