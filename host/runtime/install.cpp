#include "ktx/runtime/install.hpp"

#include <sys/stat.h>

#include "bundle_open.hpp"
#include "environment_build.hpp"
#include "environment_link.hpp"
#include "install_log.hpp"
#include "ktx/runtime/asset.hpp"
#include "ktx/runtime/in_use.hpp"
#include "ktx/runtime/preflight.hpp"
#include "ktx/runtime/record_check.hpp"
#include "ktx/runtime/status.hpp"
#include "ktx/runtime/uv.hpp"
#include "ktx/util/atomic_file.hpp"
#include "ktx/util/interrupt.hpp"
#include "python_fetch.hpp"
#include "random_id.hpp"
#include "root_lock.hpp"
#include "scoped_directory.hpp"
#include "settle.hpp"
#include "uv_fetch.hpp"

namespace ktx::runtime {
namespace {

namespace fs = std::filesystem;

/// The state of the runtime against the request and the verified asset.
struct Assessment {
  InstallPlan plan;
  VerifiedAsset asset;
  std::optional<Receipt> receipt;  ///< of what is installed
};

bool has_damaged_files(const Receipt& receipt, const Layout& layout) {
  const fs::path directory = layout.environment_dir(receipt.environment);
  try {
    const RecordCheck check = check_records(package_directories(receipt.interpreter, directory));
    return !check.faults.empty() || check.records_sha256 != receipt.record_sha256;
  } catch (const Error&) {
    return true;
  }
}

Assessment assess(const Layout& layout, const InstallRequest& request) {
  Status status = runtime_status(layout);
  InstallPlan plan = plan_install(status, request, layout);
  VerifiedAsset asset = verify_asset(layout, plan.features);
  if (!plan.needed) plan.needed = has_damaged_files(*status.receipt, layout);
  return {std::move(plan), std::move(asset), std::move(status.receipt)};
}

FitPython choose_python(const Layout& layout, const InstallRequest& request, const InstallServices& services,
                        const Uv& uv) {
  const auto requested = requested_interpreter(services.environment, request.python);
  const InterpreterSearchContext context{services.environment, layout, services.runner, services.loads,
                                         request.python_minors};
  InterpreterSearch search = search_interpreters(context, requested);
  const auto version = fetchable_version(layout, requested);
  if (!search.best && version && !request.offline) {
    if (services.progress) services.progress("Downloading Python " + *version);
    const auto failure = fetch_python(layout, services, uv, *version);
    if (!failure) search = search_interpreters(context, requested);
    if (failure) search.rejected.push_back({"uv python install " + *version, {}, *failure});
  }
  if (!search.best) throw no_interpreter(search, requested);
  return *std::move(search.best);
}

Receipt make_receipt(const Layout& layout, const Assessment& assessment, const std::string& environment,
                     const BuiltEnvironment& built, const Environment& surroundings) {
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
      .record_sha256 = built.record_sha256};
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

Receipt build_and_commit(const Layout& layout, const Assessment& assessment, const InstallRequest& asked,
                         const InstallServices& services, const std::optional<Uv>& present) {
  const ScopedDirectory staging(layout.staging_dir(random_id()));
  make_directories(staging.path());
  ::chmod(staging.path().c_str(), S_IRWXU);
  const InstallRequest request = open_bundle(layout, asked, assessment.plan.features, services,
                                             assessment.asset.manifest, staging.path());
  const Uv uv = present ? *present : fetch_uv(layout, request, services, assessment.asset, staging.path());
  const FitPython python = choose_python(layout, request, services, uv);
  make_directories(layout.version_dir);
  const std::string environment = environment_prefix + random_id();
  ScopedDirectory directory(layout.environment_dir(environment));
  InstallLog log(layout.install_log_path);
  const BuiltEnvironment built = build_environment(
      directory.path(), staging.path(), {assessment.asset, uv, python, request.offline, request.find_links},
      layout, services, log);
  Receipt receipt = make_receipt(layout, assessment, environment, built, services.environment);
  create_in_use_lock(layout);
  commit(layout, receipt);
  directory.keep();
  return receipt;
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
  Assessment assessment = assess(layout, request);
  if (!assessment.plan.needed) return {false, *std::move(assessment.receipt)};
  const auto uv = present_uv(layout, request, services, assessment.asset);
  check_place(layout, assessment.plan.features, services.notice);

  const FileLock lock = lock_root(layout, services.notice);
  assessment = assess(layout, request);  // another install may have done the work meanwhile
  if (!assessment.plan.needed) return {false, *std::move(assessment.receipt)};
  remove_leftovers(layout);
  settle(layout);
  Receipt receipt = build_and_commit(layout, assessment, request, services, uv);
  settle(layout);
  return {true, std::move(receipt)};
}

}  // namespace ktx::runtime
