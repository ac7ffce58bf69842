#include "ktx/runtime/status.hpp"

#include <array>

#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"

namespace ktx::runtime {
namespace {

// Why the receipt does not belong to this ktx and its wheel; empty if it does.
std::string mismatch(const Receipt& receipt, const Layout& layout) {
  if (receipt.cli_version != layout.cli_version) {
    return "Runtime is for CLI " + receipt.cli_version + ", current CLI is " + layout.cli_version;
  }
  try {
    const AssetManifest bundled = read_asset_manifest(layout);
    // A build of the same version with another wheel, as in development.
    if (bundled.wheel.sha256 != receipt.asset.wheel.sha256) return "Runtime was installed from another wheel";
    if (bundled.requirements_sha256(receipt.features) != receipt.requirements_sha256) {
      return "Runtime was installed from other locked requirements";
    }
  } catch (const Error&) {
    // A damaged asset prevents installs, not queries: what is installed is as good as before.
  }
  return {};
}

bool is_changed(const FileIdentity& file) {
  try {
    return identify(file.path) != file;
  } catch (const Error&) {
    return true;
  }
}

// Why the files that the receipt names cannot be used; empty when they are there.
std::string fault(const Receipt& receipt) {
  // Only stat calls: this runs before every query, a look at all files takes too long for that (ADR 10).
  if (!path_exists(receipt.python_executable)) {
    return "Missing Python executable: " + receipt.python_executable.string();
  }
  if (!path_exists(receipt.daemon_executable)) {
    return "Missing ktx-daemon executable: " + receipt.daemon_executable.string();
  }
  for (const auto& path : receipt.interpreter.search_paths) {
    if (!path_exists(path)) return "Missing Python library directory: " + path.string();
  }
  if (is_changed(receipt.interpreter.libpython)) {
    return "Python's shared library is gone or has changed since the install: " +
           receipt.interpreter.libpython.path.string();
  }
  return {};
}

}  // namespace

std::string_view name(StatusKind kind) {
  constexpr std::array<std::string_view, 4> names = {"missing", "ready", "mismatched", "broken"};
  return names.at(static_cast<std::size_t>(kind));
}

Status runtime_status(const Layout& layout) {
  LoadedReceipt loaded = load_receipt(layout);
  if (!loaded.error.empty()) {
    return {StatusKind::broken, "Runtime manifest is invalid: " + loaded.error, {}, {}};
  }
  if (!loaded.newer_writer.empty()) {
    return {StatusKind::mismatched,
            "Runtime manifest was written by ktx " + loaded.newer_writer + " in a newer format",
            {},
            loaded.newer_writer};
  }
  if (!loaded.receipt) {
    return {StatusKind::missing, "No runtime manifest at " + layout.manifest_path.string(), {}, {}};
  }
  if (std::string detail = mismatch(*loaded.receipt, layout); !detail.empty()) {
    return {StatusKind::mismatched, std::move(detail), std::move(loaded.receipt), {}};
  }
  if (std::string detail = fault(*loaded.receipt); !detail.empty()) {
    return {StatusKind::broken, std::move(detail), std::move(loaded.receipt), {}};
  }
  return {
      StatusKind::ready, "Runtime ready at " + layout.version_dir.string(), std::move(loaded.receipt), {}};
}

bool is_ready(const Status& status, const Features& needed) {
  return status.kind == StatusKind::ready && satisfies(status.receipt->features, needed);
}

}  // namespace ktx::runtime
