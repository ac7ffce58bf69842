#include "database_features.hpp"

namespace ktx::cli {

runtime::Features features_of_driver(const std::string& /*driver*/) { return {runtime::Feature::core}; }

}  // namespace ktx::cli
