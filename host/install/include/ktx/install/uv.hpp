#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ktx/install/install_plan.hpp"
#include "ktx/install/install_services.hpp"
#include "ktx/runtime/asset.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/util/environment.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/subprocess.hpp"

namespace ktx::runtime {

/// The package installer, found and known to be usable.
struct Uv {
  std::filesystem::path executable;
  std::string version;  ///< its own words: "uv 0.9.3"
};

/// Where uv is: KTX_UV, then PATH, then the copy among ktx's own tools. Starts no process. Throws a `uv`
/// error when KTX_UV names no executable.
std::optional<std::filesystem::path> locate_uv(const Environment& environment, const Layout& layout);

/// Where a uv that ktx fetched is.
std::filesystem::path own_uv_path(const Layout& layout);

/// Asks the uv at `path` for its version. Throws a `uv` error: too old, not answering in time, or not uv.
Uv ask_uv(const std::filesystem::path& path, const Environment& environment, CommandRunner& runner);

/// The error for a machine without uv.
Error missing_uv();

/// Finds uv and asks its version. Throws a `uv` error: missing, or what `ask_uv` throws.
Uv find_uv(const Environment& environment, const Layout& layout, CommandRunner& runner);

/// The uv of this machine; std::nullopt if there is none (or only a copy among ktx's own tools that is of no
/// use) and the request allows ktx to fetch one. Throws a `uv` error otherwise.
std::optional<Uv> present_uv(const Layout& layout, const InstallRequest& request,
                             const InstallServices& services, const VerifiedAsset& asset);

/// Puts the pinned uv among ktx's own tools, in one rename. It comes as a wheel through pip, from the
/// package index that the user has configured or from the folders of the request; only bytes with one of
/// the pinned digests are unpacked. `staging` is a private folder below the runtime root. To be called
/// with the install lock held. Throws the `uv` error of a machine without uv, with why it stays so.
Uv fetch_uv(const Layout& layout, const InstallRequest& request, const InstallServices& services,
            const VerifiedAsset& asset, const std::filesystem::path& staging);

/// Reads how far a uv is from the lines that it prints when it has no terminal.
class UvProgress {
 public:
  explicit UvProgress(std::string step) : current_{.step = std::move(step)} {}

  /// Whether the line told something new. One that is not understood changes nothing.
  bool take(std::string_view line);

  const InstallProgress& current() const { return current_; }

 private:
  bool take_resolved(std::string_view line);
  bool take_downloading(std::string_view line);
  bool take_downloaded(std::string_view line);
  bool take_installed(std::string_view line);
  void show_download();

  struct Download {
    std::string package;
    std::uint64_t bytes = 0;
  };

  InstallProgress current_;
  std::vector<Download> downloads_;  ///< those under way, in the order in which they began
};

}  // namespace ktx::runtime
