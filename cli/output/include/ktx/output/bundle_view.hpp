#pragma once

#include <string>

#include "ktx/install/bundle.hpp"

namespace ktx::cli {

/// What `ktx runtime bundle` prints: where it is and what it holds.
std::string bundle_text(const runtime::Bundle& bundle);
std::string bundle_json(const runtime::Bundle& bundle);

}  // namespace ktx::cli
