#pragma once

#include <string>

#include "ktx/check/prune.hpp"

namespace ktx::cli {

/// What `runtime prune` prints; with `dry_run` nothing has been removed.
std::string prune_text(const runtime::PruneResult& result, bool dry_run);
std::string prune_json(const runtime::PruneResult& result);

}  // namespace ktx::cli
