#include "ktx/semantic/conformance.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "ktx/util/filesystem.hpp"

namespace ktx::semantic {
namespace {

// The same file is compared with the suite by pytest, so that completion knows its features.
TEST(Conformance, KnowsTheFeaturesOfTheSuite) {
  std::istringstream golden(read_file(KTX_CONFORMANCE_FEATURES));
  std::vector<std::string> names;
  for (std::string line; std::getline(golden, line);) names.push_back(line);
  EXPECT_TRUE(std::ranges::equal(conformance_features(), names));
}

}  // namespace
}  // namespace ktx::semantic
