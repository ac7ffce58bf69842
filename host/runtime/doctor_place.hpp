#pragma once

#include <vector>

#include "ktx/runtime/doctor.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/runtime/status.hpp"
#include "ktx/util/environment.hpp"

namespace ktx::runtime {

/// What is unusual about where the runtime lives and how ktx was started. A warning for each, and nothing
/// for what is as it should be: none of it keeps ktx from working.
std::vector<DoctorCheck> check_surroundings(const Layout& layout, const Status& status,
                                            const Environment& environment);

}  // namespace ktx::runtime
