#pragma once

#include <string>

#include "ktx/runtime/status.hpp"

namespace ktx::cli {

/// What `runtime status` prints.
std::string status_text(const runtime::Status& status, const runtime::Layout& layout);
std::string status_json(const runtime::Status& status, const runtime::Layout& layout);

}  // namespace ktx::cli
