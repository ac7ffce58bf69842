#include "ktx/runtime/doctor.hpp"

#include <algorithm>

#include "ktx/runtime/asset.hpp"
#include "ktx/runtime/install.hpp"
#include "ktx/runtime/record_check.hpp"
#include "ktx/runtime/status.hpp"
#include "ktx/runtime/uv.hpp"
#include "ktx/util/error.hpp"

namespace ktx::runtime {
namespace {

constexpr const char* install_fix = "Run: ktx runtime install --yes";

DoctorCheck pass(std::string id, std::string label, std::string detail) {
  return {true, std::move(id), std::move(label), std::move(detail), {}};
}

DoctorCheck fail(std::string id, std::string label, std::string detail, std::string fix) {
  return {false, std::move(id), std::move(label), std::move(detail), std::move(fix)};
}

DoctorCheck check_uv(const Layout& layout, const DoctorServices& services) {
  try {
    if (!locate_uv(services.environment, layout)) {
      return fail("uv", "uv", missing_uv().message(), "Install uv, then run: ktx runtime install --yes");
    }
    return pass("uv", "uv", find_uv(services.environment, layout, services.runner).version);
  } catch (const Error& error) {
    return fail("uv", "uv", error.message(), error.fix());
  }
}

DoctorCheck check_asset(const Layout& layout) {
  constexpr const char* label = "Bundled Python wheel";
  try {
    verify_asset(layout, {Feature::core, Feature::local_embeddings});
    return pass("asset", label, verify_asset(layout, {Feature::core}).wheel_path.string());
  } catch (const Error& error) {
    return fail("asset", label, error.message(), error.fix());
  }
}

DoctorCheck check_runtime(const Status& status) {
  constexpr const char* label = "Managed Python runtime";
  if (status.kind == StatusKind::ready) return pass("runtime", label, status.detail);
  const bool newer = !status.newer_writer.empty();
  return fail(
      "runtime", label, status.detail,
      newer ? "Use ktx " + status.newer_writer + ", or run: ktx runtime install --force --yes" : install_fix);
}

DoctorCheck check_files(const Receipt& receipt, const Layout& layout) {
  constexpr const char* id = "receipt-files";
  constexpr const char* label = "Installed files";
  try {
    const RecordCheck check =
        check_records(package_directories(receipt.interpreter, layout.environment_dir(receipt.environment)));
    if (!check.faults.empty()) {
      return fail(id, label,
                  std::to_string(check.faults.size()) + " of " + std::to_string(check.files) +
                      " files are not as installed, the first: " + check.faults.front().describe(),
                  install_fix);
    }
    if (check.records_sha256 != receipt.record_sha256) {
      return fail(id, label, "The lists of installed files are not those of the install", install_fix);
    }
    return pass(id, label, std::to_string(check.files) + " files are as installed");
  } catch (const Error& error) {
    return fail(id, label, error.message(), install_fix);
  }
}

DoctorCheck check_libpython(const Receipt& receipt) {
  constexpr const char* id = "libpython";
  constexpr const char* label = "Python shared library";
  const FileIdentity& recorded = receipt.interpreter.libpython;
  try {
    if (identify(recorded.path) == recorded) return pass(id, label, recorded.path.string());
    return fail(id, label, "It has changed since the install: " + recorded.path.string(), install_fix);
  } catch (const Error& error) {
    return fail(id, label, error.message(), install_fix);
  }
}

DoctorCheck check_interpreter(const InterpreterHealth& health) {
  constexpr const char* label = "Python interpreter in ktx";
  return health.healthy ? pass("interpreter", label, health.detail)
                        : fail("interpreter", label, health.detail, "Run: ktx runtime install --force --yes");
}

}  // namespace

bool DoctorReport::passed() const {
  return std::all_of(checks.begin(), checks.end(), [](const DoctorCheck& check) { return check.passed; });
}

DoctorReport run_doctor(const Layout& layout, const DoctorServices& services) {
  const Status status = runtime_status(layout);
  DoctorReport report;
  report.checks = {check_uv(layout, services), check_asset(layout), check_runtime(status)};
  if (!status.receipt) return report;
  report.checks.push_back(check_files(*status.receipt, layout));
  report.checks.push_back(check_libpython(*status.receipt));
  InterpreterHealth health = services.health(status.receipt->interpreter);
  report.checks.push_back(check_interpreter(health));
  report.interpreter = std::move(health.report);
  return report;
}

}  // namespace ktx::runtime
