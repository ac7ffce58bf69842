#include "database_features.hpp"

namespace ktx::cli {

runtime::Features features_of_drivers(const std::vector<std::string>& drivers) {
  runtime::Features features = {runtime::Feature::core};
  for (const std::string& driver : drivers) {
    if (const auto feature = runtime::feature_of_driver(driver)) features.push_back(*feature);
  }
  return runtime::normalize(features);
}

}  // namespace ktx::cli
