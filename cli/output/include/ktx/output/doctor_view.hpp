#pragma once

#include <string>

#include "ktx/check/doctor.hpp"

namespace ktx::cli {

/// What `runtime doctor` prints.
std::string doctor_text(const runtime::DoctorReport& report);
std::string doctor_json(const runtime::DoctorReport& report);

}  // namespace ktx::cli
