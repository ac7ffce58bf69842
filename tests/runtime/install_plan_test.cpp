#include "ktx/install/install_plan.hpp"

#include <gtest/gtest.h>

#include "expect_error.hpp"
#include "features.hpp"
#include "runtime_fixture.hpp"

namespace ktx::runtime {
namespace {

class InstallPlanTest : public testing::Test {
 protected:
  Status with(StatusKind kind, const Features& features) {
    Receipt receipt;
    receipt.features = features;
    receipt.interpreter.version = "3.12.1";
    return {kind, "", receipt, ""};
  }

  /// "no-op" or what would be installed.
  std::string plan(const Status& status, const InstallRequest& request) {
    const InstallPlan found = plan_install(status, request, fixture_.layout);
    return found.needed ? join_names(found.features) : "no-op";
  }

  test::RuntimeFixture fixture_;
};

TEST_F(InstallPlanTest, DoesNothingWhenAllIsThere) {
  EXPECT_EQ(plan(with(StatusKind::ready, {core}), {.features = {core}, .python = {}}), "no-op");
  EXPECT_EQ(plan(with(StatusKind::ready, {core, embeddings}), {.features = {core}, .python = {}}), "no-op");
}

TEST_F(InstallPlanTest, Accumulates) {
  EXPECT_EQ(plan(with(StatusKind::ready, {core}), {.features = {embeddings}, .python = {}}),
            "core, local-embeddings");
  EXPECT_EQ(plan(with(StatusKind::mismatched, {core, embeddings}), {.features = {core}, .python = {}}),
            "core, local-embeddings");
  EXPECT_EQ(
      plan(with(StatusKind::ready, {core, embeddings}), {.features = {core}, .force = true, .python = {}}),
      "core, local-embeddings");
}

TEST_F(InstallPlanTest, ExactTakesAway) {
  EXPECT_EQ(
      plan(with(StatusKind::ready, {core, embeddings}), {.features = {core}, .exact = true, .python = {}}),
      "core");
  EXPECT_EQ(plan(with(StatusKind::ready, {core}), {.features = {core}, .exact = true, .python = {}}),
            "no-op");
}

TEST_F(InstallPlanTest, InstallsWhatIsNotReady) {
  EXPECT_EQ(plan({StatusKind::missing, "", {}, ""}, {.features = {}, .python = {}}), "core");
  EXPECT_EQ(plan({StatusKind::broken, "", {}, ""}, {.features = {}, .python = {}}), "core");
  EXPECT_EQ(plan(with(StatusKind::broken, {core}), {.features = {}, .python = {}}), "core");
}

TEST_F(InstallPlanTest, AnotherPythonIsAnInstall) {
  const Status status = with(StatusKind::ready, {core});
  EXPECT_EQ(plan(status, {.features = {core}, .python = "3.12"}), "no-op");
  EXPECT_EQ(plan(status, {.features = {core}, .python = "3.1"}), "core");
  EXPECT_EQ(plan(status, {.features = {core}, .python = "3.13"}), "core");
  EXPECT_EQ(plan(status, {.features = {core}, .python = "/other/python"}), "core");
}

TEST_F(InstallPlanTest, ANewerRuntimeIsReplacedByForceOnly) {
  const Status newer{StatusKind::mismatched, "", {}, "9.0.0"};
  const Error error = test::error_of([&] { plan(newer, {.features = {}, .python = {}}); });
  EXPECT_EQ(error.kind(), ErrorKind::runtime_broken);
  EXPECT_NE(error.message().find("ktx 9.0.0"), std::string::npos);
  EXPECT_NE(error.fix().find("--force"), std::string::npos);
  EXPECT_EQ(plan(newer, {.features = {}, .force = true, .python = {}}), "core");
}

}  // namespace
}  // namespace ktx::runtime
