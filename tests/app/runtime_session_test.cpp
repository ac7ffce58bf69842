#include "ktx/app/runtime_session.hpp"

#include <gtest/gtest.h>

#include "expect_error.hpp"
#include "ktx/app/version.hpp"
#include "runtime_fixture.hpp"
#include "silent_session.hpp"

namespace ktx::app {
namespace {

class RuntimeSessionTest : public testing::Test {
 protected:
  RuntimeSessionTest() { session_.environment = fixture_.environment; }

  Error error(const runtime::Features& features, const InstallConsent& options) {
    return ktx::test::error_of([&] { ensure_runtime(session_, features, options); });
  }

  ktx::test::RuntimeFixture fixture_{version};
  ktx::test::SilentSession session_;
};

TEST_F(RuntimeSessionTest, ReturnsAReadyRuntimeAndHoldsIt) {
  fixture_.write_receipt(fixture_.installed_receipt());
  runtime::create_in_use_lock(fixture_.layout);
  const ReadyRuntime ready = ensure_runtime(session_, {runtime::Feature::core}, {.no_input = true});
  EXPECT_EQ(ready.receipt.environment, "env-1");
  EXPECT_TRUE(ready.in_use);
  EXPECT_FALSE(runtime::claim_unused(fixture_.layout, version));
}

TEST_F(RuntimeSessionTest, WorksWithoutALockFile) {
  fixture_.write_receipt(fixture_.installed_receipt());
  EXPECT_FALSE(ensure_runtime(session_, {}, {}).in_use);
}

TEST_F(RuntimeSessionTest, RefusesWithTheCommandToRun) {
  const Error missing = error({runtime::Feature::core}, {.no_input = true});
  EXPECT_EQ(missing.kind(), ErrorKind::runtime_missing);
  EXPECT_EQ(missing.message(), "The KTX Python runtime is not installed. Run: ktx runtime install --yes");
  fixture_.write_receipt(fixture_.installed_receipt());
  EXPECT_EQ(error({runtime::Feature::local_embeddings}, {.no_input = true}).message(),
            "The KTX Python runtime is not installed. Run: ktx runtime install --yes --feature "
            "local-embeddings");
}

TEST_F(RuntimeSessionTest, YesInstallsAndReportsTheInstallsError) {
  ktx::test::write_file(fixture_.wheel_path(), "damaged");
  EXPECT_EQ(error({runtime::Feature::core}, {.yes = true}).kind(), ErrorKind::asset);
}

}  // namespace
}  // namespace ktx::app
