#include "ktx/runtime/environment_link.hpp"

#include <cerrno>
#include <system_error>

#include "ktx/util/error.hpp"
#include "ktx/util/random.hpp"

namespace ktx::runtime {
namespace {

namespace fs = std::filesystem;

// rename(2) replaces a link in one step, so there is no moment without one.
void replace_link(const Layout& layout, const fs::path& target) {
  const fs::path temporary = layout.version_dir / (".venv-" + random_id());
  std::error_code failure;
  fs::create_directory_symlink(target, temporary, failure);
  if (!failure) fs::rename(temporary, layout.venv_dir, failure);
  if (!failure) return;
  std::error_code ignored;
  fs::remove(temporary, ignored);
  throw system_error("Cannot write", layout.venv_dir.string(), failure.value());
}

}  // namespace

EnvironmentLink::EnvironmentLink(const Layout& layout, const std::string& environment) : layout_(layout) {
  std::error_code failure;
  if (fs::is_symlink(layout.venv_dir, failure)) {
    former_target_ = fs::read_symlink(layout.venv_dir, failure);
  } else if (fs::exists(layout.venv_dir, failure)) {
    const fs::path aside = layout.environment_dir(environment_prefix + random_id());
    fs::rename(layout.venv_dir, aside, failure);
    if (failure) throw system_error("Cannot move", layout.venv_dir.string(), failure.value());
    former_directory_ = aside;
  }
  try {
    replace_link(layout, environment);
  } catch (const Error&) {
    // Back into its place: `.venv` must not be missing because a link could not be made.
    if (!former_directory_.empty()) fs::rename(former_directory_, layout.venv_dir, failure);
    throw;
  }
}

EnvironmentLink::~EnvironmentLink() {
  if (kept_) return;
  try {
    restore();
  } catch (const Error&) {
    // The receipt still names the former environment, and the next install repairs the link.
  }
}

void EnvironmentLink::restore() const {
  if (!former_target_.empty()) {
    replace_link(layout_, former_target_);
    return;
  }
  std::error_code ignored;
  fs::remove(layout_.venv_dir, ignored);
  if (!former_directory_.empty()) fs::rename(former_directory_, layout_.venv_dir, ignored);
}

std::string linked_environment(const Layout& layout) {
  std::error_code not_a_link;
  const fs::path target = fs::read_symlink(layout.venv_dir, not_a_link);
  return not_a_link ? std::string() : target.filename().string();
}

InUse hold_in_use(const Layout& layout) { return FileLock::share_existing(layout.in_use_lock_path); }

void create_in_use_lock(const Layout& layout) {
  // Taken and released at once; what counts is that the file exists.
  FileLock::try_acquire(layout.in_use_lock_path, LockMode::shared);
}

std::optional<FileLock> claim_unused(const Layout& layout, const std::string& version) {
  return FileLock::try_acquire(layout.in_use_lock_path_of(version), LockMode::exclusive);
}

}  // namespace ktx::runtime
