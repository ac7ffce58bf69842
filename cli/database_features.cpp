#include "database_features.hpp"

namespace ktx::cli {

runtime::Features features_of_driver(const std::string& driver) {
  const auto feature = runtime::feature_of_driver(driver);
  return runtime::normalize({feature.value_or(runtime::Feature::core)});
}

}  // namespace ktx::cli
