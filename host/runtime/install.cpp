#include "ktx/runtime/install.hpp"

#include <sys/stat.h>

#include "environment_build.hpp"
#include "environment_link.hpp"
#include "install_log.hpp"
#include "ktx/runtime/asset.hpp"
#include "ktx/runtime/in_use.hpp"
#include "ktx/runtime/inventory.hpp"
#include "ktx/runtime/status.hpp"
#include "ktx/runtime/uv.hpp"
#include "ktx/util/atomic_file.hpp"
#include "ktx/util/interrupt.hpp"
#include "preflight.hpp"
#include "python_fetch.hpp"
#include "random_id.hpp"
#include "root_lock.hpp"
#include "scoped_directory.hpp"
#include "settle.hpp"

namespace ktx::runtime {
namespace {

namespace fs = std::filesystem;

/// The state of the runtime against the request and the verified asset.
struct Assessment {
  InstallPlan plan;
  VerifiedAsset asset;
  std::optional<Receipt> receipt;  ///< of what is installed
  std::string damage;              ///< see `InstallResult`
};

/// What is wrong with an installed runtime that looks ready; empty when nothing is.
std::string damage_of(const Receipt& receipt, const Layout& layout, const InstallRequest& request,
                      const InstallServices& services) {
  const auto check = check_inventory(layout.environment_dir(receipt.environment), receipt.inventory_sha256);
  if (!check.differences.empty()) return check.differences.front().describe();
  if (!request.thorough) return {};
  try {
    services.verify(receipt.interpreter);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::interrupted) throw;
    return error.message();
  }
  return {};
}

Assessment assess(const Layout& layout, const InstallRequest& request, const InstallServices& services) {
  Status status = runtime_status(layout);
  InstallPlan plan = plan_install(status, request, layout);
  VerifiedAsset asset = verify_asset(layout, plan.features);
  std::string damage =
      status.kind == StatusKind::missing || status.kind == StatusKind::ready ? "" : status.detail;
  if (!plan.needed) {
    damage = damage_of(*status.receipt, layout, request, services);
    plan.needed = !damage.empty();
  }
  return {std::move(plan), std::move(asset), std::move(status.receipt), std::move(damage)};
}

FitPython find_python(const Layout& layout, const std::optional<std::string>& requested, bool offline,
                      const InstallServices& services, const Uv& uv) {
  const InterpreterSearchContext context{services.environment, layout, services.runner, services.loads};
  InterpreterSearch search = search_interpreters(context, requested);
  const auto version = fetchable_version(layout, requested);
  if (!search.best && version && !offline) {
    if (services.progress) services.progress({.step = "Downloading Python " + *version});
    const auto failure = fetch_python(layout, services, uv, *version);
    if (!failure) search = search_interpreters(context, requested);
    if (failure) search.rejected.push_back({"uv python install " + *version, {}, *failure});
  }
  if (!search.best) throw no_interpreter(search, requested);
  return *std::move(search.best);
}

struct ChosenPython {
  FitPython python;
  std::string requested;  ///< see `Receipt`
};

/// What the user asks for now, else what they asked for when they installed and is still there, else the
/// best.
ChosenPython choose_python(const Layout& layout, const Assessment& assessment, const InstallRequest& request,
                           const InstallServices& services, const Uv& uv) {
  const auto requested = requested_interpreter(services.environment, request.python);
  const auto find = [&](const std::optional<std::string>& name) {
    return find_python(layout, name, request.offline, services, uv);
  };
  const std::string remembered = assessment.receipt ? assessment.receipt->requested_python : "";
  if (requested || remembered.empty()) return {find(requested), requested.value_or("")};
  try {
    return {find(remembered), remembered};
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::interpreter) throw;
    if (services.notice) services.notice(error.message() + "\nAnother Python is used instead");
    return {find(std::nullopt), ""};
  }
}

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
      .requirements_sha256 = assessment.asset.manifest.requirements(assessment.plan.features).sha256,
      .record_sha256 = built.record_sha256,
      .inventory_sha256 = built.inventory_sha256,
      .requested_python = requested_python};
  receipt.interpreter.executable = layout.python_path;
  receipt.interpreter.prefix = layout.venv_dir;
  return receipt;
}

/// The receipt's rename is the commit. All that can fail for want of room has been done by then.
void commit(const Layout& layout, const Receipt& receipt) {
  AtomicFile file(layout.manifest_path);
  file.write(pretty_json(to_json(receipt)));
  file.flush();
  EnvironmentLink link(layout, receipt.environment);
  file.commit();
  link.keep();
}

Receipt build_and_commit(const Layout& layout, const Assessment& assessment, const InstallRequest& request,
                         const InstallServices& services, const Uv& uv) {
  const auto [python, requested] = choose_python(layout, assessment, request, services, uv);
  make_directories(layout.version_dir);
  const ScopedDirectory staging(layout.staging_dir(random_id()));
  make_directories(staging.path());
  ::chmod(staging.path().c_str(), S_IRWXU);
  const std::string environment = environment_prefix + random_id();
  ScopedDirectory directory(layout.environment_dir(environment));
  InstallLog log(layout.install_log_path);
  const BuiltEnvironment built =
      build_environment(directory.path(), staging.path(), {assessment.asset, uv, python, request.offline},
                        layout, services, log);
  Receipt receipt = make_receipt(layout, assessment, environment, built, services.environment, requested);
  create_in_use_lock(layout);
  try {
    commit(layout, receipt);
  } catch (const Error&) {
    // A disk that is full by then leaves no way back, and a link that leads nowhere breaks the old runtime.
    if (linked_environment(layout) == environment) directory.keep();
    throw;
  }
  directory.keep();
  return receipt;
}

/// Nobody waits for the cleaning alone: who holds the lock does it too.
void settle_if_free(const Layout& layout) {
  if (leftovers(layout).empty()) return;
  if (const auto lock = FileLock::try_acquire(layout.install_lock_path, LockMode::exclusive)) settle(layout);
}

}  // namespace

std::vector<fs::path> package_directories(const Interpreter& interpreter, const fs::path& environment_dir) {
  const std::string below = (environment_dir / "").string();
  std::vector<fs::path> directories;
  for (const fs::path& path : interpreter.search_paths) {
    if (path.string().starts_with(below)) directories.push_back(path);
  }
  return directories;
}

InstallResult install(const Layout& layout, const InstallRequest& request, const InstallServices& services) {
  const InterruptGuard interrupts;
  Assessment assessment = assess(layout, request, services);
  if (!assessment.plan.needed) {
    settle_if_free(layout);
    return {false, {}, *std::move(assessment.receipt)};
  }
  const Uv uv = find_uv(services.environment, layout, services.runner);
  check_disk(layout, assessment.plan.features);

  const FileLock lock = lock_root(layout, services.notice);
  assessment = assess(layout, request, services);  // another install may have done the work meanwhile
  if (!assessment.plan.needed) return {false, {}, *std::move(assessment.receipt)};
  settle(layout);
  Receipt receipt = build_and_commit(layout, assessment, request, services, uv);
  settle(layout);
  return {true, std::move(assessment.damage), std::move(receipt)};
}

}  // namespace ktx::runtime
