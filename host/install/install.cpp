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
#include "ktx/runtime/child_environment.hpp"
#include "ktx/runtime/environment_link.hpp"
#include "ktx/runtime/inventory.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/runtime/receipt.hpp"
#include "ktx/runtime/status.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/interrupt.hpp"
#include "ktx/util/random.hpp"
#include "python_choice.hpp"

namespace ktx::runtime {
namespace {

// The state of the runtime, compared with the request and the shipped files.
struct Assessment {
  InstallPlan plan;
  VerifiedAsset asset;
  std::optional<Receipt> receipt;  ///< of what is installed
  std::string damage;              ///< see `InstallResult`
  bool libpython_moved = false;    ///< see `Status`
};

// What is wrong with an installed runtime that looks ready; empty if nothing is.
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
    // What comes from the variables of this process is no damage, and an install would not help.
    const bool is_the_loader = error.fix() == loader_fix(services.environment);
    if (error.kind() == ErrorKind::interrupted || is_the_loader) throw;
    return error.message();
  }
  return {};
}

// Looks at everything that decides whether to install: the status, the shipped files, and every file of a
// runtime that looks ready. Changes nothing. Throws what `plan_install` and `verify_asset` throw.
Assessment assess(const Layout& layout, const InstallRequest& request, const InstallServices& services) {
  Status status = runtime_status(layout);
  InstallPlan plan = plan_install(status, request, layout);
  VerifiedAsset asset = verify_asset(layout, plan.features);
  // Nothing installed is no damage.
  const bool sound = status.kind == StatusKind::missing || status.kind == StatusKind::ready;
  std::string damage = sound ? "" : status.detail;
  if (!plan.needed) {
    damage = damage_of(*status.receipt, layout, request, services);
    plan.needed = !damage.empty();
  }
  return {std::move(plan), std::move(asset), std::move(status.receipt), std::move(damage),
          status.libpython_moved};
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
  // By way of `.venv`, where users and scripts expect it; its target's name is random.
  receipt.interpreter.executable = layout.python_path;
  receipt.interpreter.prefix = layout.venv_dir;
  return receipt;
}

// The rename of the receipt is the commit. Everything that needs room on the disk is done before: `flush` has
// written the receipt's bytes, and the link exists.
void commit(const Layout& layout, const Receipt& receipt) {
  AtomicFile file(layout.manifest_path);
  file.write(pretty_json(to_json(receipt)));
  file.flush();
  EnvironmentLink link(layout, receipt.environment);
  file.commit();
  link.keep();
}

// Commits; if that fails, `directory` is removed, unless the link still points at it.
void commit_or_remove(const Layout& layout, const Receipt& receipt, ScopedDirectory& directory) {
  try {
    commit(layout, receipt);
  } catch (const Error&) {
    // On a full disk the link cannot be pointed back, and a link to a removed environment would break the old
    // runtime too.
    if (linked_environment(layout) == receipt.environment) directory.keep();
    throw;
  }
  directory.keep();
}

Receipt build_and_commit(const Layout& layout, const Assessment& assessment, const InstallRequest& asked,
                         const InstallServices& services, const std::optional<Uv>& present) {
  const ScopedDirectory staging(layout.staging_dir(random_id()));
  make_directories(staging.path());
  // Private: what lies here is executed or installed.
  ::chmod(staging.path().c_str(), S_IRWXU);
  // The bundle decides about the network, the wheels and the Python versions, so everything after this uses
  // the opened request.
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
  // Before the receipt: a query that finds the receipt must find the lock file too.
  create_in_use_lock(layout);
  commit_or_remove(layout, receipt, directory);
  return receipt;
}

// Announces the size of torch before it is downloaded: it is far larger than everything else.
void announce_size(const Assessment& assessment, const InstallServices& services) {
  constexpr Feature large = Feature::sentence_transformers;
  if (!services.notice || !contains(assessment.plan.features, large)) return;
  services.notice("Installing " + std::string(name(large)) + ": about " +
                  size_in_words(approximate_download(large)) +
                  " are downloaded unless uv has them, and take " +
                  size_in_words(approximate_disk_space({large})) + " on the disk");
}

// Cleaning up is not worth a wait: the process that holds the lock does it too.
void settle_if_free(const Layout& layout) {
  if (leftovers(layout).empty()) return;
  if (const auto lock = FileLock::try_acquire(layout.install_lock_path, LockMode::exclusive)) settle(layout);
}

}  // namespace

InstallResult install(const Layout& layout, const InstallRequest& request, const InstallServices& services) {
  const InterruptGuard interrupts;
  Assessment assessment = assess(layout, request, services);
  if (!assessment.plan.needed) {
    if (assessment.libpython_moved) remember_libpython(layout, *assessment.receipt);
    settle_if_free(layout);
    return {false, {}, *std::move(assessment.receipt)};
  }
  // Before the lock and before anything is made: what is missing is reported at once.
  const auto uv = present_uv(layout, request, services, assessment.asset);
  announce_size(assessment, services);
  check_place(layout, assessment.plan.features, services.notice);

  const FileLock lock = lock_root(layout, services.notice);
  assessment = assess(layout, request, services);  // again: another install may have done the work meanwhile
  if (!assessment.plan.needed) return {false, {}, *std::move(assessment.receipt)};
  // Frees the room of interrupted installs before this one needs it; afterwards, removes the old environment.
  settle(layout);
  Receipt receipt = build_and_commit(layout, assessment, request, services, uv);
  settle(layout);
  return {true, std::move(assessment.damage), std::move(receipt)};
}

}  // namespace ktx::runtime
