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
  EXPECT_EQ(normalize({torch}), (Features{core, embeddings, torch})) << "each level holds those before it";
}

TEST(Feature, IsSatisfiedByASuperset) {
  EXPECT_TRUE(satisfies({core, embeddings}, {core}));
  EXPECT_TRUE(satisfies({core}, {}));
  EXPECT_FALSE(satisfies({core}, {embeddings}));
  EXPECT_FALSE(satisfies({embeddings}, {embeddings})) << "core is always needed";
}

TEST(Feature, DriversAreIndependentOfLevelsAndOfEachOther) {
  EXPECT_EQ(normalize({trino, core, bigquery, trino}), (Features{core, bigquery, trino}));
  EXPECT_EQ(normalize({trino, embeddings}), (Features{core, embeddings, trino}));
  EXPECT_EQ(normalize({torch, trino}), (Features{core, embeddings, torch, trino}));
  EXPECT_TRUE(satisfies({core, bigquery, trino}, {trino}));
  EXPECT_FALSE(satisfies({core, embeddings, torch}, {trino}));
  EXPECT_FALSE(satisfies({core, trino}, {embeddings, trino}));
}

TEST(Feature, AreNamedInTheCommandThatInstallsThem) {
  EXPECT_EQ(feature_options({}), "");
  EXPECT_EQ(feature_options({trino}), " --feature trino");
  EXPECT_EQ(feature_options({torch, trino, bigquery}),
            " --feature sentence-transformers --feature bigquery --feature trino");
}

TEST(Feature, HasNames) {
  EXPECT_EQ(feature_from_name("local-embeddings"), embeddings);
  EXPECT_EQ(join_names({core, embeddings}), "core, local-embeddings");
  const Error error = test::error_of([] { feature_from_name("Core"); });
  EXPECT_EQ(error.kind(), ErrorKind::usage);
  EXPECT_EQ(error.fix(),
            "Choose one of: core, local-embeddings, sentence-transformers, bigquery, clickhouse, databricks, "
            "snowflake, spark, sqlserver, trino");
  EXPECT_TRUE(is_feature_name("sentence-transformers"));
  EXPECT_FALSE(is_feature_name(""));
}

TEST(Feature, SaysSizesAsPeopleDo) {
  EXPECT_EQ(size_in_words(45'000'000), "45 MB");
  EXPECT_EQ(size_in_words(999'999'999), "999 MB");
  EXPECT_EQ(size_in_words(3'049'999'999), "3.0 GB");
  EXPECT_EQ(size_in_words(3'050'000'000), "3.1 GB");
}

}  // namespace
}  // namespace ktx::runtime
