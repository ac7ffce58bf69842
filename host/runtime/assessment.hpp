#pragma once

#include <optional>
#include <string>

#include "ktx/runtime/asset.hpp"
#include "ktx/runtime/install_plan.hpp"
#include "ktx/runtime/install_services.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/runtime/receipt.hpp"

namespace ktx::runtime {

/// The state of the runtime against the request and the verified asset.
struct Assessment {
  InstallPlan plan;
  VerifiedAsset asset;
  std::optional<Receipt> receipt;  ///< of what is installed
  std::string damage;              ///< see `InstallResult`
};

/// Looks at everything that decides whether to install: the status, the shipped files, and of a runtime that
/// looks ready every file. Changes nothing. Throws what `plan_install` and `verify_asset` do.
Assessment assess(const Layout& layout, const InstallRequest& request, const InstallServices& services);

}  // namespace ktx::runtime
