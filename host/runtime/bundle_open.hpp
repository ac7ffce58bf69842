#pragma once

#include <filesystem>

#include "ktx/runtime/asset.hpp"
#include "ktx/runtime/bundle.hpp"
#include "ktx/runtime/install_plan.hpp"
#include "ktx/runtime/install_services.hpp"
#include "ktx/runtime/layout.hpp"

namespace ktx::runtime {

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
