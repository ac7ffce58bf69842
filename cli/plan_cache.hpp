#pragma once

#include <optional>

#include "context.hpp"
#include "ktx/cache/store.hpp"
#include "ktx/semantic/plan_cache.hpp"

namespace ktx::cli {

/// Whether this command line, or KTX_NO_CACHE, forbids what was kept.
bool without_cache(const Context& context);

/// What was kept by earlier commands, for the planner that is installed. Nothing with --no-cache or
/// KTX_NO_CACHE, without a place for it, or while no runtime is installed: the first query installs one,
/// whatever was kept. Throws a `usage` error when KTX_CACHE_DIR is relative.
std::optional<semantic::PlanCache> open_plan_cache(const Context& context);

/// The store in it; null for null.
const cache::Store* store_of(const semantic::PlanCache* cache);

}  // namespace ktx::cli
