#include "plan_cache.hpp"

#include <string>

#include "ktx/cache/place.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/util/build_id.hpp"
#include "ktx/util/digest.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "version.hpp"

namespace ktx::cli {
namespace {

/// What compiles: this build of ktx, the Python that it ships, by the digests in the manifest of its assets,
/// and the runtime that was installed of it, by its receipt. Nothing when one of them is not there: who
/// needs it installs it, or says what is wrong.
std::optional<std::string> planner_of(const Environment& environment) {
  const runtime::Layout layout = runtime::make_layout(environment, version);
  try {
    const auto assets = read_file_if_exists(layout.asset_manifest_path);
    const auto receipt = read_file_if_exists(layout.manifest_path);
    if (!assets || !receipt) return std::nullopt;
    return std::string(version) + " " + build_id() + " " + hex(sha256(*assets)) + " " + hex(sha256(*receipt));
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

bool without_cache(const Context& context) {
  return context.no_cache || context.environment.variable("KTX_NO_CACHE").has_value();
}

std::optional<semantic::PlanCache> open_plan_cache(const Context& context) {
  if (without_cache(context)) return std::nullopt;
  auto directory = cache::cache_directory(context.environment);
  if (!directory) return std::nullopt;
  auto planner = planner_of(context.environment);
  if (!planner) return std::nullopt;
  return semantic::PlanCache(cache::Store(*std::move(directory)), *std::move(planner));
}

const cache::Store* store_of(const semantic::PlanCache* cache) {
  return cache == nullptr ? nullptr : &cache->store();
}

}  // namespace ktx::cli
