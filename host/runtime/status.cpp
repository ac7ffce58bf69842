#include "ktx/runtime/status.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "ktx/util/access.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/shell_words.hpp"

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

// What is wrong with a runtime; both are empty when nothing is.
struct Fault {
  std::string detail;
  std::string fix;  ///< where an install by this user is not what helps
};

// How somebody else's runtime gets a Python that this user may reach.
std::string reach_fix(const Layout& layout) {
  // Whoever can write here has it mended by an install, which takes a Python within reach.
  if (::access(layout.version_dir.c_str(), W_OK) == 0) return {};
  const std::string owner = owner_of(layout.version_dir);
  return "Have " + owner +
         " install it with a Python that all may read, for example: ktx runtime install --yes " +
         "--python /usr/bin/python3; or set KTX_RUNTIME_ROOT to a folder of your own";
}

// Whether this user may not read the file, which may be there.
bool is_unreadable(const std::filesystem::path& file) {
  return ::access(file.c_str(), R_OK) != 0 && errno == EACCES;
}

// How this user gets to read somebody else's runtime.
std::string read_fix(const Layout& layout) {
  if (::access(layout.version_dir.c_str(), W_OK) == 0) return {};
  return "Have " + owner_of(layout.runtime_root) +
         " run: " + shell_command({"chmod", "-R", "go+rX", layout.runtime_root}) +
         "; or set KTX_RUNTIME_ROOT to a folder of your own";
}

// Why the file or folder that the receipt names cannot be used; empty when it is there.
Fault absence(const std::string& what, const std::filesystem::path& path, const Layout& layout) {
  const Presence presence = presence_of(path);
  if (presence == Presence::present) return {};
  std::error_code no_link;
  const bool is_link = std::filesystem::is_symlink(path, no_link);
  const std::string target = is_link ? link_target(path).string() : "";
  if (presence == Presence::hidden) {
    return {"The " + what + " cannot be reached: " + path.string() +
                (is_link ? " leads to " + target + ", which you may not read" : ": Permission denied"),
            reach_fix(layout)};
  }
  return {
      "Missing " + what + ": " + path.string() + (is_link ? " leads to " + target + ", which is gone" : ""),
      {}};
}

// Looks for libpython, and corrects in `receipt` where it is now; `moved` is whether it had to.
Fault find_libpython(Receipt& receipt, const Layout& layout, bool& moved) {
  FileIdentity& libpython = receipt.interpreter.libpython;
  try {
    if (auto now = recognize(libpython)) {
      moved = *now != libpython;
      libpython = *std::move(now);
      return {};
    }
  } catch (const Error& error) {
    switch (presence_of(libpython.path)) {
      case Presence::absent: break;
      case Presence::hidden: return absence("Python shared library", libpython.path, layout);
      case Presence::present: return {"Python's shared library: " + error.message(), reach_fix(layout)};
    }
  }
  return {"Python's shared library is gone or has changed since the install: " + libpython.path.string(), {}};
}

// What is wrong with the files that the receipt names. Only stat calls, unless libpython is a copy: this runs
// before every query, and a look at all files takes too long for that (ADR 10).
Fault find_fault(Receipt& receipt, const Layout& layout, bool& libpython_moved) {
  Fault fault = absence("Python executable", receipt.python_executable, layout);
  if (fault.detail.empty()) fault = absence("ktx-daemon executable", receipt.daemon_executable, layout);
  for (const auto& path : receipt.interpreter.search_paths) {
    if (fault.detail.empty()) fault = absence("Python library directory", path, layout);
  }
  return fault.detail.empty() ? find_libpython(receipt, layout, libpython_moved) : fault;
}

}  // namespace

std::string_view name(StatusKind kind) {
  constexpr std::array<std::string_view, 4> names = {"missing", "ready", "mismatched", "broken"};
  return names.at(static_cast<std::size_t>(kind));
}

Status runtime_status(const Layout& layout) {
  LoadedReceipt loaded = load_receipt(layout);
  if (!loaded.error.empty() && is_unreadable(layout.manifest_path)) {
    return {StatusKind::broken,
            "Runtime manifest cannot be read: " + layout.manifest_path.string() + ": Permission denied",
            {},
            {},
            read_fix(layout)};
  }
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
  bool moved = false;
  if (auto [detail, fix] = find_fault(*loaded.receipt, layout, moved); !detail.empty()) {
    return {StatusKind::broken, std::move(detail), std::move(loaded.receipt), {}, std::move(fix)};
  }
  return {StatusKind::ready,
          "Runtime ready at " + layout.version_dir.string(),
          std::move(loaded.receipt),
          {},
          {},
          moved};
}

bool is_ready(const Status& status, const Features& needed) {
  return status.kind == StatusKind::ready && satisfies(status.receipt->features, needed);
}

}  // namespace ktx::runtime
