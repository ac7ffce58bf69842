#include "doctor_place.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include "ktx/runtime/file_system.hpp"
#include "settle.hpp"

namespace ktx::runtime {
namespace {

namespace fs = std::filesystem;

DoctorCheck warning(std::string id, std::string label, std::string detail, std::string fix) {
  return {CheckStatus::warn, std::move(id), std::move(label), std::move(detail), std::move(fix)};
}

/// Whoever may write the runtime decides what ktx runs.
void check_permissions(const Layout& layout, std::vector<DoctorCheck>& checks) {
  for (const fs::path& directory : {layout.runtime_root, layout.own_dir, layout.version_dir}) {
    struct stat status {};
    if (::stat(directory.c_str(), &status) != 0) continue;
    const bool foreign = status.st_uid != ::geteuid() && status.st_uid != 0;
    const bool open = (status.st_mode & (S_IWGRP | S_IWOTH)) != 0 && (status.st_mode & S_ISVTX) == 0;
    if (!foreign && !open) continue;
    checks.push_back(warning(
        "permissions", "Permissions",
        directory.string() + (foreign ? " belongs to another user" : " can be written by other users"),
        foreign ? "Set KTX_RUNTIME_ROOT to a folder of your own"
                : "Run: chmod go-w '" + directory.string() + "'"));
    return;
  }
}

void check_leftovers(const Layout& layout, const Status& status, std::vector<DoctorCheck>& checks) {
  if (!status.newer_writer.empty()) return;
  const auto found = leftovers(layout);
  if (found.empty()) return;
  checks.push_back(
      warning("leftovers", "Interrupted work",
              std::to_string(found.size()) +
                  " left by an install that was ended, or kept for a running process, the first: " +
                  found.front().string(),
              "The next install, repair or prune removes them"));
}

/// Locks there may not hold between machines, and loading is slow.
void check_file_system(const Layout& layout, std::vector<DoctorCheck>& checks) {
  const auto kind = network_file_system(layout.runtime_root);
  if (!kind) return;
  checks.push_back(warning("file-system", "File system",
                           layout.runtime_root.string() + " is on a network file system (" + *kind +
                               "): locks may not hold between machines, and loading is slow",
                           "Set KTX_RUNTIME_ROOT to a folder on a local disk"));
}

/// The dynamic loader's own settings act before ktx can look at anything.
void check_loader(const Environment& environment, std::vector<DoctorCheck>& checks) {
  for (const char* name : {"LD_PRELOAD", "LD_LIBRARY_PATH"}) {
    const auto value = environment.variable(name);
    if (!value) continue;
    checks.push_back(warning("environment", "Environment variables",
                             std::string(name) + " is set, which can put other libraries into ktx: " + *value,
                             std::string("Unset ") + name + " when ktx does not start its interpreter"));
  }
}

}  // namespace

std::vector<DoctorCheck> check_surroundings(const Layout& layout, const Status& status,
                                            const Environment& environment) {
  std::vector<DoctorCheck> checks;
  check_permissions(layout, checks);
  check_leftovers(layout, status, checks);
  check_file_system(layout, checks);
  check_loader(environment, checks);
  return checks;
}

}  // namespace ktx::runtime
