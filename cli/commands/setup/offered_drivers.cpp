#include "setup/offered_drivers.hpp"

#include <algorithm>

#include "ktx/util/text.hpp"

namespace ktx::cli {

std::vector<const semantic::Driver*> offered_drivers() {
  std::vector<const semantic::Driver*> offered;
  for (const semantic::Driver& driver : semantic::drivers()) {
    if (!driver.settings.empty()) offered.push_back(&driver);
  }
  std::ranges::stable_partition(offered, &semantic::Driver::is_file);
  return offered;
}

const semantic::Driver* find_offered(std::string_view name) {
  const semantic::Driver* driver = semantic::find_driver(name);
  const bool is_offered =
      driver != nullptr && !driver->settings.empty() && driver->name == lower_case(std::string(name));
  return is_offered ? driver : nullptr;
}

std::vector<std::string> offered_driver_names() {
  std::vector<std::string> names;
  for (const semantic::Driver* driver : offered_drivers()) names.emplace_back(driver->name);
  return names;
}

}  // namespace ktx::cli
