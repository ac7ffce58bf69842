#pragma once

#include <filesystem>
#include <optional>

#include "ktx/runtime/asset.hpp"
#include "ktx/runtime/install_plan.hpp"
#include "ktx/runtime/install_services.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/runtime/uv.hpp"

namespace ktx::runtime {

/// The uv of this machine; nothing when there is none (or only a copy among ktx's own tools that is of no
/// use) and the request allows ktx to fetch one. Throws a `uv` error otherwise.
std::optional<Uv> present_uv(const Layout& layout, const InstallRequest& request,
                             const InstallServices& services, const VerifiedAsset& asset);

/// Puts the pinned uv among ktx's own tools, in one rename. It comes as a wheel through pip, from the
/// package index that the user has configured or from the folders of the request; only bytes with one of
/// the pinned digests are unpacked. `staging` is a private folder below the runtime root. To be called
/// with the install lock held. Throws the `uv` error of a machine without uv, with why it stays so.
Uv fetch_uv(const Layout& layout, const InstallRequest& request, const InstallServices& services,
            const VerifiedAsset& asset, const std::filesystem::path& staging);

}  // namespace ktx::runtime
