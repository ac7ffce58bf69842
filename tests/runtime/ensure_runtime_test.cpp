#include "ensure_runtime.hpp"

#include <gtest/gtest.h>

#include <iostream>
#include <sstream>

#include "expect_error.hpp"
#include "prompt.hpp"
#include "runtime_fixture.hpp"
#include "version.hpp"

namespace ktx::cli {
namespace {

class EnsureRuntimeTest : public testing::Test {
 protected:
  EnsureRuntimeTest() { context_.environment = fixture_.environment; }

  Error error(const runtime::Features& features, const InstallPolicyOptions& options) {
    return test::error_of([&] { ensure_runtime(context_, features, options); });
  }

  test::RuntimeFixture fixture_{version};
  Context context_;
};

TEST_F(EnsureRuntimeTest, ReturnsAReadyRuntimeAndHoldsIt) {
  fixture_.write_receipt(fixture_.installed_receipt());
  runtime::create_in_use_lock(fixture_.layout);
  const ReadyRuntime ready = ensure_runtime(context_, {runtime::Feature::core}, {.no_input = true});
  EXPECT_EQ(ready.receipt.environment, "env-1");
  EXPECT_TRUE(ready.in_use);
  EXPECT_FALSE(runtime::claim_unused(fixture_.layout, version));
}

TEST_F(EnsureRuntimeTest, WorksWithoutALockFile) {
  fixture_.write_receipt(fixture_.installed_receipt());
  EXPECT_FALSE(ensure_runtime(context_, {}, {}).in_use);
}

TEST_F(EnsureRuntimeTest, RefusesWithTheCommandToRun) {
  const Error missing = error({runtime::Feature::core}, {.no_input = true});
  EXPECT_EQ(missing.kind(), ErrorKind::runtime_missing);
  EXPECT_EQ(missing.message(), "The KTX Python runtime is not installed. Run: ktx runtime install --yes");
  fixture_.write_receipt(fixture_.installed_receipt());
  EXPECT_EQ(error({runtime::Feature::local_embeddings}, {.no_input = true}).message(),
            "The KTX Python runtime is not installed. Run: ktx runtime install --yes --feature "
            "local-embeddings");
}

TEST_F(EnsureRuntimeTest, YesInstallsAndReportsTheInstallsError) {
  test::write_file(fixture_.wheel_path(), "damaged");
  EXPECT_EQ(error({runtime::Feature::core}, {.yes = true}).kind(), ErrorKind::asset);
}

TEST(Prompt, TakesAnEmptyLineForYesAndTheEndForNo) {
  const auto answer = [](const std::string& input) {
    std::istringstream stream(input);
    std::streambuf* former = std::cin.rdbuf(stream.rdbuf());
    std::cin.clear();
    const bool agreed = confirm(Terminal(), "Install now? [Y/n] ");
    std::cin.rdbuf(former);
    return agreed;
  };
  for (const char* yes : {"\n", "y\n", "Y\n", "yes\n"}) EXPECT_TRUE(answer(yes)) << yes;
  for (const char* no : {"n\n", "no\n", "what\n", ""}) EXPECT_FALSE(answer(no)) << no;
}

}  // namespace
}  // namespace ktx::cli
