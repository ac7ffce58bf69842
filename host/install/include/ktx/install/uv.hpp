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

/// The package installer, known to be usable.
struct Uv {
  std::filesystem::path executable;
  std::string version;  ///< as uv prints it: "uv 0.9.3"
};

/// Where uv is: KTX_UV, then PATH, then the copy among ktx's own tools. Starts no process. Throws a `uv`
/// error when KTX_UV names no executable.
std::optional<std::filesystem::path> locate_uv(const Environment& environment, const Layout& layout);

/// The path of the uv that ktx downloads.
std::filesystem::path own_uv_path(const Layout& layout);

/// Asks the uv at `path` for its version. Throws a `uv` error: too old, not answering in time, or not uv.
Uv ask_uv(const std::filesystem::path& path, const Environment& environment, CommandRunner& runner);

/// The error for a machine without uv.
Error missing_uv();

/// Finds uv and asks its version. Throws a `uv` error: missing, or what `ask_uv` throws.
Uv find_uv(const Environment& environment, const Layout& layout, CommandRunner& runner);

/// The uv of this machine; std::nullopt if there is none (or only a copy of ktx's own that does not work) and
/// the request allows ktx to download one. Throws a `uv` error if it does not.
std::optional<Uv> present_uv(const Layout& layout, const InstallRequest& request,
                             const InstallServices& services, const VerifiedAsset& asset);

/// Why ktx fetches no uv on a machine without a Python that could.
inline constexpr const char* no_pip = "no Python on this machine (3.8 or later) has pip or ensurepip";

/// Why an install cannot fetch uv here: the error of a machine without uv where no Python has pip;
/// std::nullopt if one has. Starts the Pythons of this machine.
std::optional<Error> what_uv_lacks(const Layout& layout, const Environment& environment,
                                   CommandRunner& runner);

/// Installs the pinned uv among ktx's own tools, by one rename. It is downloaded as a wheel by pip, from the
/// user's package index or the request's folders; only bytes with one of the pinned digests are unpacked.
/// `staging` is a private folder below the runtime root. To be called with the install lock held. Throws the
/// `uv` error of a machine without uv, with the reason.
Uv fetch_uv(const Layout& layout, const InstallRequest& request, const InstallServices& services,
            const VerifiedAsset& asset, const std::filesystem::path& staging);

/// Follows uv's progress by the lines that it prints without a terminal.
class UvProgress {
 public:
  explicit UvProgress(std::string step) : current_{.step = std::move(step)} {}

  /// Whether the line changed the progress. Unknown lines change nothing.
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
