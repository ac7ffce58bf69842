#include "ktx/runtime/feature.hpp"

#include <gtest/gtest.h>

#include "expect_error.hpp"
#include "features.hpp"

namespace ktx::runtime {
namespace {

TEST(Feature, NormalizesToCanonicalOrderWithCore) {
  EXPECT_EQ(normalize({}), Features{core});
  EXPECT_EQ(normalize({core, core}), Features{core});
  EXPECT_EQ(normalize({embeddings}), (Features{core, embeddings}));
  EXPECT_EQ(normalize({embeddings, core, embeddings}), (Features{core, embeddings}));
}

TEST(Feature, IsSatisfiedByASuperset) {
  EXPECT_TRUE(satisfies({core, embeddings}, {core}));
  EXPECT_TRUE(satisfies({core}, {}));
  EXPECT_FALSE(satisfies({core}, {embeddings}));
  EXPECT_FALSE(satisfies({embeddings}, {embeddings})) << "core is always needed";
}

TEST(Feature, HasNames) {
  EXPECT_EQ(feature_from_name("local-embeddings"), embeddings);
  EXPECT_EQ(join_names({core, embeddings}), "core, local-embeddings");
  const Error error = test::error_of([] { feature_from_name("Core"); });
  EXPECT_EQ(error.kind(), ErrorKind::usage);
  EXPECT_EQ(error.fix(), "Choose one of: core, local-embeddings");
}

}  // namespace
}  // namespace ktx::runtime
