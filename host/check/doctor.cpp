#include "ktx/check/doctor.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "ktx/install/preflight.hpp"
#include "ktx/install/settle.hpp"
#include "ktx/install/uv.hpp"
#include "ktx/runtime/asset.hpp"
#include "ktx/runtime/inventory.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/runtime/status.hpp"
#include "ktx/util/access.hpp"
#include "ktx/util/environment.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/shell_words.hpp"

namespace ktx::runtime {
namespace {

namespace fs = std::filesystem;

DoctorCheck warning(std::string id, std::string label, std::string detail, std::string fix) {
  return {CheckStatus::warn, std::move(id), std::move(label), std::move(detail), std::move(fix)};
}

// Whoever can write to the runtime decides what code ktx runs.
void check_permissions(const Layout& layout, std::vector<DoctorCheck>& checks) {
  for (const fs::path& directory : {layout.runtime_root, layout.own_dir, layout.version_dir}) {
    struct stat status {};
    if (::stat(directory.c_str(), &status) != 0) continue;
    // root may own it, as in an image that an administrator made.
    const bool foreign = status.st_uid != ::geteuid() && status.st_uid != 0;
    // A sticky folder, such as /tmp, lets others write without letting them replace this user's files.
    const bool open = (status.st_mode & (S_IWGRP | S_IWOTH)) != 0 && (status.st_mode & S_ISVTX) == 0;
    if (!foreign && !open) continue;
    checks.push_back(warning("permissions", "Permissions",
                             directory.string() + (foreign ? " belongs to " + owner_of(directory)
                                                           : " can be written by other users"),
                             foreign ? "Set KTX_RUNTIME_ROOT to a folder of your own"
                                     : "Run: " + shell_command({"chmod", "go-w", directory})));
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

// On a network file system, locks may not hold between machines, and loading is slow.
void check_file_system(const Layout& layout, std::vector<DoctorCheck>& checks) {
  const auto kind = network_file_system(layout.runtime_root);
  if (!kind) return;
  checks.push_back(warning("file-system", "File system",
                           layout.runtime_root.string() + " is on a network file system (" + *kind +
                               "): locks may not hold between machines, and loading is slow",
                           "Set KTX_RUNTIME_ROOT to a folder on a local disk"));
}

// The dynamic loader's own variables act before the first line of ktx.
void check_loader(const Environment& environment, std::vector<DoctorCheck>& checks) {
  for (const char* name : {"LD_PRELOAD", "LD_LIBRARY_PATH"}) {
    const auto value = environment.variable(name);
    if (!value) continue;
    checks.push_back(warning("environment", "Environment variables",
                             std::string(name) + " is set, which can put other libraries into ktx: " + *value,
                             std::string("Unset ") + name + " when ktx does not start its interpreter"));
  }
}

// Warnings about where the runtime lives and how ktx was started; none for what is usual. They are no
// failures: none of these keeps ktx from working.
std::vector<DoctorCheck> check_surroundings(const Layout& layout, const Status& status,
                                            const Environment& environment) {
  std::vector<DoctorCheck> checks;
  check_permissions(layout, checks);
  check_leftovers(layout, status, checks);
  check_file_system(layout, checks);
  check_loader(environment, checks);
  return checks;
}

constexpr const char* reinstall_fix = "Run: ktx runtime install --yes";

DoctorCheck pass(std::string id, std::string label, std::string detail) {
  return {CheckStatus::pass, std::move(id), std::move(label), std::move(detail), {}};
}

DoctorCheck fail(std::string id, std::string label, std::string detail, std::string fix = reinstall_fix) {
  return {CheckStatus::fail, std::move(id), std::move(label), std::move(detail), std::move(fix)};
}

// Whether an install fetches uv where there is none: ktx ships its digests.
bool is_uv_fetchable(const Layout& layout) {
  try {
    return read_asset_manifest(layout).uv_requirements.has_value();
  } catch (const Error&) {
    return false;
  }
}

// uv is needed for installs only: a runtime that works is sound without it.
DoctorCheck check_uv(const Layout& layout, const Status& status, const DoctorServices& services) {
  const auto judge = status.kind == StatusKind::ready ? CheckStatus::warn : CheckStatus::fail;
  try {
    if (locate_uv(services.environment, layout)) {
      return pass("uv", "uv", find_uv(services.environment, layout, services.runner).version);
    }
    if (is_uv_fetchable(layout)) {
      const auto lack = what_uv_lacks(layout, services.environment, services.runner);
      if (!lack) return pass("uv", "uv", "none on this machine; an install fetches it with pip");
      return {judge, "uv", "uv", "none on this machine, and " + std::string(no_pip), lack->fix()};
    }
    return {judge, "uv", "uv", missing_uv().message(), "Install uv, then run: ktx runtime install --yes"};
  } catch (const Error& error) {
    return {judge, "uv", "uv", error.message(), error.fix()};
  }
}

DoctorCheck check_asset(const Layout& layout) {
  constexpr const char* label = "Bundled Python wheel";
  try {
    // Every list, also those of features that are not installed: an install may want them tomorrow.
    for (const Feature feature : read_asset_manifest(layout).installable()) {
      verify_asset(layout, {feature});
    }
    return pass("asset", label, verify_asset(layout, {Feature::core}).wheel_path.string());
  } catch (const Error& error) {
    return fail("asset", label, error.message(), error.fix());
  }
}

// Which Pythons this ktx can load at all, whatever is installed here.
DoctorCheck check_plugins(const Layout& layout) {
  constexpr const char* id = "plugins";
  constexpr const char* label = "Interpreter plugins";
  std::string versions;
  for (const int minor : plugin_minors(layout.plugin_dir)) {
    versions += (versions.empty() ? "CPython 3." : ", 3.") + std::to_string(minor);
  }
  if (!versions.empty()) return pass(id, label, std::move(versions));
  return fail(id, label, "There are none in " + layout.plugin_dir.string(), "Reinstall ktx");
}

std::string fix_of(const Status& status) {
  if (!status.fix.empty()) return status.fix;
  if (status.newer_writer.empty()) return reinstall_fix;
  return "Use ktx " + status.newer_writer + ", or run: ktx runtime install --force --yes";
}

// The whole in one line; the checks that follow say which part is at fault.
DoctorCheck check_runtime(const Status& status) {
  constexpr const char* label = "Managed Python runtime";
  if (status.kind == StatusKind::ready) return pass("runtime", label, status.detail);
  return fail("runtime", label, status.detail, fix_of(status));
}

DoctorCheck check_receipt(const Status& status, const Layout& layout) {
  constexpr const char* id = "receipt";
  constexpr const char* label = "Receipt of the install";
  if (!status.receipt) return fail(id, label, status.detail, fix_of(status));
  return pass(id, label, layout.manifest_path.string());
}

// Whether the runtime is of this ktx, its wheel and its lock.
DoctorCheck check_version(const Status& status) {
  constexpr const char* id = "version";
  constexpr const char* label = "Version of the runtime";
  if (status.kind == StatusKind::mismatched) return fail(id, label, status.detail);
  return pass(id, label, status.receipt->cli_version + " with the bundled wheel and locked requirements");
}

// A base Python that was upgraded or removed leaves the environment's own python dangling.
DoctorCheck check_python(const Status& status) {
  constexpr const char* id = "python";
  constexpr const char* label = "Python of the environment";
  const Receipt& receipt = *status.receipt;
  const auto& base = receipt.interpreter.base_executable;
  const Presence presence = presence_of(receipt.python_executable);  // follows links
  // Said by the check of the whole, with whose it is.
  if (presence == Presence::hidden) return fail(id, label, status.detail, fix_of(status));
  if (presence == Presence::absent) {
    return fail(
        id, label,
        "Missing Python executable: " + receipt.python_executable.string() + ", made from " + base.string());
  }
  if (!path_exists(base))
    return fail(id, label, "The Python that it was made from is gone: " + base.string());
  return pass(id, label, "Python " + receipt.interpreter.version + " of " + base.string());
}

DoctorCheck check_daemon(const Receipt& receipt) {
  constexpr const char* label = "ktx-daemon";
  const std::string path = receipt.daemon_executable.string();
  if (path_exists(receipt.daemon_executable)) return pass("daemon", label, path);
  return fail("daemon", label, "Missing ktx-daemon executable: " + path);
}

DoctorCheck check_files(const Receipt& receipt, const Layout& layout) {
  constexpr const char* id = "receipt-files";
  constexpr const char* label = "Installed files";
  const auto check = check_inventory(layout.environment_dir(receipt.environment), receipt.inventory_sha256);
  if (check.differences.empty())
    return pass(id, label, std::to_string(check.files) + " files are as installed");
  return fail(id, label,
              std::to_string(check.differences.size()) +
                  " differ from what was installed (ktx runtime verify lists them), the first: " +
                  check.differences.front().describe());
}

DoctorCheck check_libpython(const Status& status) {
  constexpr const char* id = "libpython";
  constexpr const char* label = "Python shared library";
  const FileIdentity& recorded = status.receipt->interpreter.libpython;
  try {
    if (recognize(recorded)) return pass(id, label, recorded.path.string());
    return fail(id, label, "It has changed since the install: " + recorded.path.string());
  } catch (const Error& error) {
    const bool is_hidden = presence_of(recorded.path) == Presence::hidden;
    return fail(id, label, error.message(), is_hidden ? fix_of(status) : reinstall_fix);
  }
}

DoctorCheck check_interpreter(const InterpreterHealth& health) {
  constexpr const char* label = "Python interpreter in ktx";
  return health.healthy ? pass("interpreter", label, health.detail)
                        : fail("interpreter", label, health.detail,
                               health.fix.empty() ? "Run: ktx runtime repair" : health.fix);
}

// The model, its files and what computes with it.
void check_embeddings(const Receipt& receipt, const DoctorServices& services,
                      std::vector<DoctorCheck>& checks) {
  if (!services.embeddings || !contains(receipt.features, Feature::local_embeddings)) return;
  const EmbeddingsHealth health = services.embeddings(receipt.interpreter, receipt.features);
  constexpr const char* id = "embeddings";
  constexpr const char* label = "Local embeddings";
  checks.push_back(health.healthy ? pass(id, label, health.detail)
                                  : fail(id, label, health.detail, health.fix));
}

}  // namespace

std::string_view name(CheckStatus status) {
  switch (status) {
    case CheckStatus::pass: return "pass";
    case CheckStatus::warn: return "warn";
    case CheckStatus::fail: break;
  }
  return "fail";
}

bool DoctorReport::passed() const {
  return std::none_of(checks.begin(), checks.end(),
                      [](const DoctorCheck& check) { return check.status == CheckStatus::fail; });
}

DoctorReport run_doctor(const Layout& layout, const DoctorServices& services) {
  const Status status = runtime_status(layout);
  DoctorReport report;
  report.checks = {check_uv(layout, status, services), check_asset(layout), check_runtime(status),
                   check_plugins(layout)};
  if (status.kind != StatusKind::missing) report.checks.push_back(check_receipt(status, layout));
  if (status.receipt) {
    const Receipt& receipt = *status.receipt;
    report.checks.insert(report.checks.end(),
                         {check_version(status), check_python(status), check_daemon(receipt),
                          check_files(receipt, layout), check_libpython(status)});
    InterpreterHealth health = services.health(receipt.interpreter);
    report.checks.push_back(check_interpreter(health));
    report.interpreter = std::move(health.report);
    check_embeddings(receipt, services, report.checks);
  }
  std::ranges::move(check_surroundings(layout, status, services.environment),
                    std::back_inserter(report.checks));
  return report;
}

}  // namespace ktx::runtime
