#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "ktx/install/install_plan.hpp"
#include "ktx/install/install_services.hpp"
#include "ktx/runtime/asset.hpp"
#include "ktx/runtime/feature.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/util/json.hpp"

namespace ktx::runtime {

/// `bundle.json`: what a bundle holds, and for which ktx and machines. A bundle is a folder, or a zip archive
/// of one, with everything that an install downloads: `wheels/` for pip and uv to find, and in `assets/` a
/// copy of what ktx ships.
struct BundleDescription {
  std::string cli_version;
  std::string platform;              ///< "linux-x86_64-gnu"
  std::vector<std::string> pythons;  ///< minor versions, "3.12", newest first
  Features features;

  /// By the features' names and "uv": the SHA-256 of the locked lists that it was made from.
  std::map<std::string, std::string> requirements;

  std::vector<AssetFile> files;  ///< all others in the bundle, by paths with '/'
};

/// Reads strictly; a file name that could leave the bundle's folder is an error of the kind of `object`.
BundleDescription bundle_description_from_json(const JsonObject& object);
Json to_json(const BundleDescription& description);

/// What this program's own bundles have as `platform`.
std::string bundle_platform();

/// `BundleDescription::requirements` of a bundle made by the ktx with these assets.
std::map<std::string, std::string> requirement_digests(const AssetManifest& manifest);

/// What the user asks of a new bundle.
struct BundleRequest {
  std::filesystem::path target;         ///< absolute; a zip archive when it ends in ".zip", else a folder
  Features features;                    ///< at least these
  std::vector<std::string> pythons;     ///< minor versions; empty: all that are found here
  std::vector<std::string> find_links;  ///< more places where pip looks for wheels
  bool force = false;                   ///< replace a bundle that is there
};

struct Bundle {
  std::filesystem::path path;
  BundleDescription description;
  std::uint64_t bytes = 0;  ///< of all its files
};

/// Downloads everything and makes the bundle, which appears whole or not at all: it is written beside its
/// place and renamed. The wheels are chosen by the pip of each Python version itself, so an interpreter of
/// each is needed here. Throws `asset`, `interpreter`, `install`, `io`, `uv`, `usage` (something else is in
/// its place) and `interrupted`.
Bundle make_bundle(const Layout& layout, const BundleRequest& request, const InstallServices& services);

/// The request for an install from its bundle and from nothing else: offline, with the bundle's wheels, and
/// with only the Python versions that it has. A request without a bundle stays as it is.
///
/// An archive is unpacked into `staging`. The bundle must be of this version of ktx and its locked lists, for
/// this platform, have the features, and every file must be what `bundle.json` says. Throws an `install`
/// error that names the bundle.
InstallRequest open_bundle(const Layout& layout, const InstallRequest& request, const Features& features,
                           const InstallServices& services, const AssetManifest& manifest,
                           const std::filesystem::path& staging);

/// Checks a bundle's folder, as above, and returns what it holds. `name` is what errors call it.
BundleDescription check_bundle(const std::filesystem::path& folder, const std::string& name,
                               const Layout& layout, const Features& features, const AssetManifest& manifest);

}  // namespace ktx::runtime
