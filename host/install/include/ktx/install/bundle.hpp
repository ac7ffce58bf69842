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

  /// The SHA-256 of the locked lists that it was made from, by the features' names and "uv".
  std::map<std::string, std::string> requirements;

  std::vector<AssetFile> files;  ///< all other files of the bundle, by paths with '/'
};

/// Reads strictly; a file name that could lead out of the bundle's folder is an error, of the kind of
/// `object`.
BundleDescription bundle_description_from_json(const JsonObject& object);
Json to_json(const BundleDescription& description);

/// The `platform` of bundles that this program makes.
std::string bundle_platform();

/// `BundleDescription::requirements` of a bundle made by the ktx with these assets.
std::map<std::string, std::string> requirement_digests(const AssetManifest& manifest);

/// What the user asks of a new bundle.
struct BundleRequest {
  std::filesystem::path target;         ///< absolute; a zip archive when it ends in ".zip", else a folder
  Features features;                    ///< at least these
  std::vector<std::string> pythons;     ///< minor versions; empty: all that are found here
  std::vector<std::string> find_links;  ///< more places for pip to find wheels
  bool force = false;                   ///< replace an existing bundle
};

struct Bundle {
  std::filesystem::path path;
  BundleDescription description;
  std::uint64_t bytes = 0;  ///< of all its files
};

/// Downloads everything and makes the bundle, which appears whole or not at all: it is written beside its
/// place and renamed. The wheels are chosen by each Python version's own pip, so an interpreter of each is
/// needed here. Throws `asset`, `interpreter`, `install`, `io`, `uv`, `usage` (its place is taken) and
/// `interrupted`.
Bundle make_bundle(const Layout& layout, const BundleRequest& request, const InstallServices& services);

/// The request for an install from its bundle alone: offline, with the bundle's wheels, and only the Python
/// versions that the bundle has. A request without a bundle is returned unchanged.
///
/// An archive is unpacked into `staging`. The bundle must be of this version of ktx and its locked lists, for
/// this platform, and have the features, and every file must match `bundle.json`. Throws an `install` error
/// that names the bundle.
InstallRequest open_bundle(const Layout& layout, const InstallRequest& request, const Features& features,
                           const InstallServices& services, const AssetManifest& manifest,
                           const std::filesystem::path& staging);

/// Checks a bundle's folder, as above, and returns its description. Errors call it `name`.
BundleDescription check_bundle(const std::filesystem::path& folder, const std::string& name,
                               const Layout& layout, const Features& features, const AssetManifest& manifest);

}  // namespace ktx::runtime
