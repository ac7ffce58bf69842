#include "ktx/install/install.hpp"

#include <sys/stat.h>

#include <optional>
#include <string>

#include "environment_build.hpp"
#include "install_log.hpp"
#include "ktx/install/bundle.hpp"
#include "ktx/install/install_plan.hpp"
#include "ktx/install/install_services.hpp"
#include "ktx/install/preflight.hpp"
#include "ktx/install/settle.hpp"
#include "ktx/install/uv.hpp"
#include "ktx/runtime/asset.hpp"
#include "ktx/runtime/environment_link.hpp"
#include "ktx/runtime/inventory.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/runtime/receipt.hpp"
#include "ktx/runtime/status.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/interrupt.hpp"
#include "ktx/util/text.hpp"
#include "python_choice.hpp"

namespace ktx::runtime {
namespace {

// The state of the runtime against the request and the verified asset.
struct Assessment {
  InstallPlan plan;
  VerifiedAsset asset;
  std::optional<Receipt> receipt;  ///< of what is installed
  std::string damage;              ///< see `InstallResult`
};

// What is wrong with an installed runtime that looks ready; empty when nothing is.
std::string damage_of(const Receipt& receipt, const Layout& layout, const InstallRequest& request,
                      const InstallServices& services) {
  const auto check = check_inventory(layout.environment_dir(receipt.environment), receipt.inventory_sha256);
  if (!check.differences.empty()) return check.differences.front().describe();
  if (!request.thorough) return {};
  try {
    services.verify(receipt.interpreter);
    if (services.verify_embeddings && contains(receipt.features, Feature::local_embeddings)) {
      services.verify_embeddings(receipt.interpreter, receipt.features);
    }
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::interrupted) throw;
    return error.message();
  }
  return {};
}

// Looks at everything that decides whether to install: the status, the shipped files, and of a runtime that
// looks ready every file. Changes nothing. Throws what `plan_install` and `verify_asset` do.
Assessment assess(const Layout& layout, const InstallRequest& request, const InstallServices& services) {
  Status status = runtime_status(layout);
  InstallPlan plan = plan_install(status, request, layout);
  VerifiedAsset asset = verify_asset(layout, plan.features);
  const bool sound = status.kind == StatusKind::missing || status.kind == StatusKind::ready;
  std::string damage = sound ? "" : status.detail;
  if (!plan.needed) {
    damage = damage_of(*status.receipt, layout, request, services);
    plan.needed = !damage.empty();
  }
  return {std::move(plan), std::move(asset), std::move(status.receipt), std::move(damage)};
}

namespace fs = std::filesystem;

Receipt make_receipt(const Layout& layout, const Assessment& assessment, const std::string& environment,
                     const BuiltEnvironment& built, const Environment& surroundings,
                     const std::string& requested_python) {
  Receipt receipt{
      .cli_version = layout.cli_version,
      .installed_at = format_timestamp(surroundings.now()),
      .asset = assessment.asset.manifest,
      .features = assessment.plan.features,
      .python_executable = layout.python_path,
      .daemon_executable = layout.daemon_path,
      .install_log = layout.install_log_path,
      .environment = environment,
      .interpreter = built.interpreter,
      .requirements_sha256 = assessment.asset.manifest.requirements_sha256(assessment.plan.features),
      .record_sha256 = built.record_sha256,
      .inventory_sha256 = built.inventory_sha256,
      .requested_python = requested_python};
  receipt.interpreter.executable = layout.python_path;
  receipt.interpreter.prefix = layout.venv_dir;
  return receipt;
}

// The receipt's rename is the commit. All that can fail for want of room has been done by then.
void commit(const Layout& layout, const Receipt& receipt) {
  AtomicFile file(layout.manifest_path);
  file.write(pretty_json(to_json(receipt)));
  file.flush();
  EnvironmentLink link(layout, receipt.environment);
  file.commit();
  link.keep();
}

// Commits, and undoes what was built when that fails.
void commit_or_remove(const Layout& layout, const Receipt& receipt, ScopedDirectory& directory) {
  try {
    commit(layout, receipt);
  } catch (const Error&) {
    // A disk that is full by then leaves no way back, and a link that leads nowhere breaks the old runtime.
    if (linked_environment(layout) == receipt.environment) directory.keep();
    throw;
  }
  directory.keep();
}

Receipt build_and_commit(const Layout& layout, const Assessment& assessment, const InstallRequest& asked,
                         const InstallServices& services, const std::optional<Uv>& present) {
  const ScopedDirectory staging(layout.staging_dir(random_id()));
  make_directories(staging.path());
  ::chmod(staging.path().c_str(), S_IRWXU);
  const InstallRequest request = open_bundle(layout, asked, assessment.plan.features, services,
                                             assessment.asset.manifest, staging.path());
  const Uv uv = present ? *present : fetch_uv(layout, request, services, assessment.asset, staging.path());
  const std::string remembered = assessment.receipt ? assessment.receipt->requested_python : "";
  const auto [python, requested] = choose_python(layout, remembered, request, services, uv);
  make_directories(layout.version_dir);
  const std::string environment = environment_prefix + random_id();
  ScopedDirectory directory(layout.environment_dir(environment));
  InstallLog log(layout.install_log_path);
  const BuiltEnvironment built = build_environment(
      directory.path(), staging.path(),
      {assessment.asset, assessment.plan.features, uv, python, request.offline, request.find_links}, layout,
      services, log);
  Receipt receipt = make_receipt(layout, assessment, environment, built, services.environment, requested);
  create_in_use_lock(layout);
  commit_or_remove(layout, receipt, directory);
  return receipt;
}

// Says the size of what is far larger than all the rest, before any of it is downloaded.
void announce_size(const Assessment& assessment, const InstallServices& services) {
  constexpr Feature large = Feature::sentence_transformers;
  if (!services.notice || !contains(assessment.plan.features, large)) return;
  services.notice("Installing " + std::string(name(large)) + ": about " +
                  size_in_words(approximate_download(large)) +
                  " are downloaded unless uv has them, and take " +
                  size_in_words(approximate_disk_space({large})) + " on the disk");
}

// Nobody waits for the cleaning alone: who holds the lock does it too.
void settle_if_free(const Layout& layout) {
  if (leftovers(layout).empty()) return;
  if (const auto lock = FileLock::try_acquire(layout.install_lock_path, LockMode::exclusive)) settle(layout);
}

}  // namespace

InstallResult install(const Layout& layout, const InstallRequest& request, const InstallServices& services) {
  const InterruptGuard interrupts;
  Assessment assessment = assess(layout, request, services);
  if (!assessment.plan.needed) {
    settle_if_free(layout);
    return {false, {}, *std::move(assessment.receipt)};
  }
  const auto uv = present_uv(layout, request, services, assessment.asset);
  announce_size(assessment, services);
  check_place(layout, assessment.plan.features, services.notice);

  const FileLock lock = lock_root(layout, services.notice);
  assessment = assess(layout, request, services);  // another install may have done the work meanwhile
  if (!assessment.plan.needed) return {false, {}, *std::move(assessment.receipt)};
  settle(layout);
  Receipt receipt = build_and_commit(layout, assessment, request, services, uv);
  settle(layout);
  return {true, std::move(assessment.damage), std::move(receipt)};
}

}  // namespace ktx::runtime
