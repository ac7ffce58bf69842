#include "assessment.hpp"

#include "ktx/runtime/inventory.hpp"
#include "ktx/runtime/status.hpp"
#include "ktx/util/error.hpp"

namespace ktx::runtime {
namespace {

/// What is wrong with an installed runtime that looks ready; empty when nothing is.
std::string damage_of(const Receipt& receipt, const Layout& layout, const InstallRequest& request,
                      const InstallServices& services) {
  const auto check = check_inventory(layout.environment_dir(receipt.environment), receipt.inventory_sha256);
  if (!check.differences.empty()) return check.differences.front().describe();
  if (!request.thorough) return {};
  try {
    services.verify(receipt.interpreter);
    if (services.verify_embeddings && contains(receipt.features, Feature::local_embeddings)) {
      services.verify_embeddings(receipt.interpreter, receipt.features);
    }
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::interrupted) throw;
    return error.message();
  }
  return {};
}

}  // namespace

Assessment assess(const Layout& layout, const InstallRequest& request, const InstallServices& services) {
  Status status = runtime_status(layout);
  InstallPlan plan = plan_install(status, request, layout);
  VerifiedAsset asset = verify_asset(layout, plan.features);
  const bool sound = status.kind == StatusKind::missing || status.kind == StatusKind::ready;
  std::string damage = sound ? "" : status.detail;
  if (!plan.needed) {
    damage = damage_of(*status.receipt, layout, request, services);
    plan.needed = !damage.empty();
  }
  return {std::move(plan), std::move(asset), std::move(status.receipt), std::move(damage)};
}

}  // namespace ktx::runtime
