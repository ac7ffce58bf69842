#pragma once

#include "ktx/runtime/layout.hpp"
#include "ktx/util/json.hpp"

namespace ktx::cli {

/// The layout as `runtime status --json` shows it.
Json layout_json(const runtime::Layout& layout);

}  // namespace ktx::cli
