#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ktx/semantic/driver.hpp"

namespace ktx::cli {

/// The drivers that setup asks for, in the order in which they are offered: first what needs no server.
std::vector<const semantic::Driver*> offered_drivers();

/// The one of that very name, whatever its case; null pointer when there is none.
const semantic::Driver* find_offered(std::string_view name);

std::vector<std::string> offered_driver_names();

}  // namespace ktx::cli
