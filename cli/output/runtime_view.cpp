#include "ktx/output/runtime_view.hpp"

#include <algorithm>

#include "ktx/app/version.hpp"
#include "ktx/install/bundle.hpp"
#include "ktx/output/daemon_view.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/util/json.hpp"
#include "ktx/util/process.hpp"

namespace ktx::cli {
namespace {

// "kaelio-ktx 0.1.0, sqlglot 30.30.0" for an object, its items for a list.
std::string members_text(const Json& value) {
  std::string text;
  for (const auto& [key, member] : value.items()) {
    text += text.empty() ? "" : ", ";
    if (value.is_object()) text += key + " ";
    text += member.is_string() ? member.get<std::string>() : compact_json(member);
  }
  return text;
}

std::string value_text(const Json& value) {
  if (value.is_structured()) return members_text(value);
  std::string text = value.is_string() ? value.get<std::string>() : compact_json(value);
  for (auto at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 1)) {
    text.insert(at + 1, "    ");  // deeper than the member itself
  }
  return text;
}

// One indented line for each member of the report of the interpreter, except empty ones.
std::string health_text(const Json& health) {
  std::string text;
  for (const auto& [key, value] : health.items()) {
    if (value.is_structured() && value.empty()) continue;
    text += "  " + key + ": " + value_text(value) + "\n";
  }
  return text;
}

std::string_view mark(runtime::CheckStatus status) {
  switch (status) {
    case runtime::CheckStatus::pass: return "PASS";
    case runtime::CheckStatus::warn: return "WARN";
    case runtime::CheckStatus::fail: break;
  }
  return "FAIL";
}

Json check_json(const runtime::DoctorCheck& check) {
  Json object = {{"status", runtime::name(check.status)},
                 {"id", check.id},
                 {"label", check.label},
                 {"detail", check.detail}};
  if (!check.fix.empty()) object["fix"] = check.fix;
  return object;
}

// The layout as `runtime status --json` shows it.
Json layout_json(const runtime::Layout& layout) {
  return {{"cliVersion", layout.cli_version},
          {"runtimeRoot", layout.runtime_root.string()},
          {"versionDir", layout.version_dir.string()},
          {"venvDir", layout.venv_dir.string()},
          {"manifestPath", layout.manifest_path.string()},
          {"installLogPath", layout.install_log_path.string()},
          {"assetDir", layout.asset_dir.string()},
          {"assetManifestPath", layout.asset_manifest_path.string()},
          {"pythonPath", layout.python_path.string()},
          {"daemonPath", layout.daemon_path.string()}};
}

std::string receipt_lines(const runtime::Receipt& receipt, const runtime::Layout& layout) {
  return "version: " + receipt.cli_version + "\n" + "features: " + runtime::join_names(receipt.features) +
         "\n" + "python: " + receipt.python_executable.string() + "\n" +
         "daemon: " + receipt.daemon_executable.string() + "\n" +
         "manifest: " + layout.manifest_path.string() + "\n" +
         "install log: " + layout.install_log_path.string() + "\n";
}

using Paths = std::vector<std::filesystem::path>;

std::string list(const std::string& heading, const Paths& paths) {
  std::string text = heading + "\n";
  for (const auto& path : paths) text += path.string() + "\n";
  return text;
}

Json strings(const Paths& paths) {
  Json array = Json::array();
  for (const auto& path : paths) array.push_back(path.string());
  return array;
}

// The command that repairs what differs. ktx cannot repair a damaged package of its own.
std::string fix_of_differences(const runtime::Verification& verification) {
  const bool shipped = std::ranges::any_of(
      verification.differences, [](const auto& difference) { return difference.subject == "asset"; });
  if (shipped) return "Reinstall ktx: its bundled wheel is missing or damaged";
  if (!verification.status.newer_writer.empty()) {
    return "Use ktx " + verification.status.newer_writer + ", or run: ktx runtime install --force --yes";
  }
  if (!verification.status.fix.empty()) return verification.status.fix;
  for (const runtime::Difference& difference : verification.differences) {
    if (!difference.fix.empty()) return difference.fix;
  }
  return verification.status.kind == runtime::StatusKind::missing ? "Run: ktx runtime install --yes"
                                                                  : "Run: ktx runtime repair";
}

}  // namespace

std::string bundle_text(const runtime::Bundle& bundle) {
  std::string pythons;
  for (const std::string& minor : bundle.description.pythons) {
    pythons += (pythons.empty() ? "" : ", ") + minor;
  }
  return "Wrote the KTX Python runtime bundle\npath: " + bundle.path.string() +
         "\nversion: " + bundle.description.cli_version + "\nplatform: " + bundle.description.platform +
         "\npythons: " + pythons + "\nfeatures: " + runtime::join_names(bundle.description.features) +
         "\nfiles: " + std::to_string(bundle.description.files.size()) +
         "\nsize: " + std::to_string(bundle.bytes >> 20U) + " MiB\n";
}

std::string bundle_json(const runtime::Bundle& bundle) {
  return pretty_json({{"path", bundle.path.string()},
                      {"bytes", bundle.bytes},
                      {"bundle", runtime::to_json(bundle.description)}});
}

std::string doctor_text(const runtime::DoctorReport& report) {
  std::string text = "KTX Python runtime doctor\n";
  for (const runtime::DoctorCheck& check : report.checks) {
    text += std::string(mark(check.status)) + " " + check.label + ": " + check.detail + "\n";
    if (!check.fix.empty()) text += "  Fix: " + check.fix + "\n";
    // The report of the interpreter stands below the check that got it.
    if (check.id == "interpreter" && report.interpreter) text += health_text(*report.interpreter);
  }
  return text;
}

std::string doctor_json(const runtime::DoctorReport& report) {
  Json checks = Json::array();
  for (const runtime::DoctorCheck& check : report.checks) checks.push_back(check_json(check));
  Json document = {{"checks", std::move(checks)}};
  if (report.interpreter) document["interpreter"] = *report.interpreter;
  return pretty_json(document);
}

std::string install_text(const runtime::InstallResult& result, const runtime::Layout& layout) {
  return std::string(result.installed ? "Installed" : "Using existing") + " KTX Python runtime\n" +
         receipt_lines(result.receipt, layout);
}

std::string install_json(const runtime::InstallResult& result, const runtime::Layout& layout) {
  return pretty_json({{"state", result.installed ? "installed" : "ready"},
                      {"layout", layout_json(layout)},
                      {"manifest", runtime::to_json(result.receipt)}});
}

std::string repair_text(const runtime::InstallResult& result, const runtime::Layout& layout) {
  std::string text = "Nothing to repair in the KTX Python runtime\n";
  if (result.installed) text = "Installed KTX Python runtime\n";
  if (!result.damage.empty()) text = "Repaired KTX Python runtime\ndamage: " + result.damage + "\n";
  return text + receipt_lines(result.receipt, layout);
}

std::string repair_json(const runtime::InstallResult& result, const runtime::Layout& layout) {
  Json document = {{"state", result.installed ? "installed" : "ready"}};
  if (!result.damage.empty()) document = {{"state", "repaired"}, {"damage", result.damage}};
  document["layout"] = layout_json(layout);
  document["manifest"] = runtime::to_json(result.receipt);
  return pretty_json(document);
}

std::string prune_text(const runtime::PruneResult& result, bool dry_run) {
  const Paths& shown = dry_run ? result.stale : result.removed;
  std::string text;
  if (shown.empty()) {
    text = "No stale KTX Python runtimes found under " + result.runtime_root.string() + "\n";
  } else {
    text = list(dry_run ? "Stale KTX Python runtimes" : "Removed stale KTX Python runtimes", shown);
  }
  if (!result.in_use.empty()) text += list("Kept, in use by another process", result.in_use);
  return text;
}

std::string prune_json(const runtime::PruneResult& result) {
  return pretty_json({{"runtimeRoot", result.runtime_root.string()},
                      {"stale", strings(result.stale)},
                      {"kept", strings(result.kept)},
                      {"inUse", strings(result.in_use)},
                      {"removed", strings(result.removed)}});
}

std::string status_text(const runtime::Status& status, const runtime::Layout& layout) {
  std::string text = "KTX Python runtime\n";
  text += "status: " + std::string(runtime::name(status.kind)) + "\n";
  text += "detail: " + status.detail + "\n";
  text += "runtime root: " + layout.runtime_root.string() + "\n";
  text += "version dir: " + layout.version_dir.string() + "\n";
  // A daemon may still run after its runtime was removed.
  if (!status.receipt) return text + daemon_status_text(layout);
  text += "features: " + runtime::join_names(status.receipt->features) + "\n";
  text += "python: " + status.receipt->python_executable.string() + "\n";
  text += "daemon: " + status.receipt->daemon_executable.string() + "\n";
  return text + daemon_status_text(layout);
}

std::string status_json(const runtime::Status& status, const runtime::Layout& layout) {
  Json document = {
      {"kind", runtime::name(status.kind)}, {"detail", status.detail}, {"layout", layout_json(layout)}};
  if (status.receipt) document["manifest"] = runtime::to_json(*status.receipt);
  document["daemon"] = daemon_status_json(layout);
  return pretty_json(document);
}

std::string verify_text(const runtime::Verification& verification) {
  std::string text = "KTX Python runtime verification\n";
  for (const runtime::Difference& difference : verification.differences) {
    text += difference.subject + ": " + difference.detail + "\n";
  }
  if (verification.intact()) {
    return text + std::to_string(verification.files) +
           " installed files, the shipped files and the interpreter are as they were installed\n";
  }
  const std::size_t count = verification.differences.size();
  return text + std::to_string(count) + (count == 1 ? " difference\n" : " differences\n") +
         "  Fix: " + fix_of_differences(verification) + "\n";
}

std::string verify_json(const runtime::Verification& verification, const runtime::Layout& layout) {
  Json differences = Json::array();
  for (const runtime::Difference& difference : verification.differences) {
    differences.push_back({{"subject", difference.subject}, {"detail", difference.detail}});
  }
  Json document = {{"intact", verification.intact()},
                   {"kind", runtime::name(verification.status.kind)},
                   {"detail", verification.status.detail},
                   {"files", verification.files},
                   {"differences", std::move(differences)}};
  if (!verification.intact()) document["fix"] = fix_of_differences(verification);
  document["layout"] = layout_json(layout);
  return pretty_json(document);
}

std::string version_json(const Environment& environment) {
  Json tags = Json::array();
  for (const int minor : runtime::plugin_minors(runtime::plugin_dir_of(environment))) {
    tags.push_back("cp3" + std::to_string(minor));
  }
  return pretty_json({{"name", "ktx"},
                      {"version", app::version},
                      {"buildId", build_id()},
                      {"python", std::move(tags)},
                      {"platform", runtime::bundle_platform()}});
}

}  // namespace ktx::cli
