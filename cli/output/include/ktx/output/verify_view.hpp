#pragma once

#include <string>

#include "ktx/check/verification.hpp"
#include "ktx/runtime/layout.hpp"

namespace ktx::cli {

/// What `runtime verify` prints.
std::string verify_text(const runtime::Verification& verification);
std::string verify_json(const runtime::Verification& verification, const runtime::Layout& layout);

}  // namespace ktx::cli
