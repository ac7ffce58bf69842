#include <gtest/gtest.h>

#include "features.hpp"
#include "ktx/install/install_plan.hpp"
#include "runtime_fixture.hpp"

namespace ktx::runtime {
namespace {

constexpr InstallPolicy on_terminal = {.terminals = true};

class InstallPolicyTest : public testing::Test {
 protected:
  InstallDecision decide(const Features& needed, const InstallPolicy& policy) {
    return decide_install(status_, needed, policy, fixture_.layout);
  }

  void set_ready(const Features& features) {
    status_.kind = StatusKind::ready;
    status_.receipt.emplace().features = features;
  }

  test::RuntimeFixture fixture_;
  Status status_;
};

TEST_F(InstallPolicyTest, NothingIsAskedOfAReadyRuntime) {
  set_ready({core, embeddings});
  for (const InstallPolicy policy : {InstallPolicy{}, InstallPolicy{.yes = true}, on_terminal}) {
    EXPECT_EQ(decide({core}, policy).action, InstallAction::ready);
  }
}

TEST_F(InstallPolicyTest, AsksOnTerminalsOnly) {
  EXPECT_EQ(decide({core}, on_terminal).action, InstallAction::ask);
  EXPECT_EQ(decide({core}, {}).action, InstallAction::refuse);
  EXPECT_EQ(decide({core}, {.no_input = true, .terminals = true}).action, InstallAction::refuse);
  EXPECT_EQ(decide({core}, {.terminals = true, .ci = true}).action, InstallAction::refuse);
}

TEST_F(InstallPolicyTest, YesInstallsEverywhere) {
  EXPECT_EQ(decide({core}, {.yes = true}).action, InstallAction::install);
  EXPECT_EQ(decide({core}, {.yes = true, .no_input = true, .ci = true}).action, InstallAction::install);
}

TEST_F(InstallPolicyTest, TheQuestionSaysWhatWhereAndHowMuch) {
  const auto questions = decide({core}, on_terminal).questions;
  ASSERT_EQ(questions.size(), 1U);
  EXPECT_NE(questions[0].find("Python dependencies will be downloaded"), std::string::npos);
  EXPECT_NE(questions[0].find(fixture_.layout.version_dir.string()), std::string::npos);
  EXPECT_NE(questions[0].find(" MB "), std::string::npos);
  EXPECT_TRUE(questions[0].ends_with("\nInstall now? [Y/n] "));
}

TEST_F(InstallPolicyTest, ADriverHasAQuestionAndACommandOfItsOwn) {
  set_ready({core, embeddings});
  const auto questions = decide({trino}, on_terminal).questions;
  ASSERT_EQ(questions.size(), 1U);
  EXPECT_TRUE(questions[0].starts_with("Connections of the driver trino need its Python packages.\n"));
  EXPECT_EQ(refusal(Status{}, {trino}).message(),
            "The KTX Python runtime is not installed. Run: ktx runtime install --yes --feature trino");
}

TEST_F(InstallPolicyTest, EmbeddingsHaveAQuestionOfTheirOwn) {
  EXPECT_EQ(decide({embeddings}, on_terminal).questions.size(), 2U);
  set_ready({core});
  const auto questions = decide({embeddings}, on_terminal).questions;
  ASSERT_EQ(questions.size(), 1U);
  EXPECT_NE(questions[0].find("embeddings"), std::string::npos);
}

TEST_F(InstallPolicyTest, ANewerRuntimeIsNeverReplacedOnTheWay) {
  status_.kind = StatusKind::mismatched;
  status_.newer_writer = "9.0.0";
  EXPECT_EQ(decide({core}, {.yes = true}).action, InstallAction::refuse);
  EXPECT_NE(refusal(status_, {core}).message().find("9.0.0"), std::string::npos);
}

TEST_F(InstallPolicyTest, ARefusalHasTheExactCommand) {
  EXPECT_EQ(refusal(status_, {core}).message(),
            "The KTX Python runtime is not installed. Run: ktx runtime install --yes");
  EXPECT_EQ(
      refusal(status_, {embeddings}).message(),
      "The KTX Python runtime is not installed. Run: ktx runtime install --yes --feature local-embeddings");
  EXPECT_EQ(exit_code(refusal(status_, {core}).kind()), 1);
}

TEST_F(InstallPolicyTest, ARefusalOfABrokenRuntimeSaysWhatIsBroken) {
  status_.kind = StatusKind::broken;
  status_.detail = "Missing Python executable: /x";
  const Error error = refusal(status_, {core});
  EXPECT_EQ(error.message(), "The KTX Python runtime cannot be used: Missing Python executable: /x");
  EXPECT_EQ(error.fix(), "Run: ktx runtime install --yes");
}

TEST_F(InstallPolicyTest, TheQuestionOfTheLargestFeatureSaysItsSize) {
  set_ready({core, embeddings});
  const auto questions = decide({torch}, on_terminal).questions;
  ASSERT_EQ(questions.size(), 1U);
  EXPECT_NE(questions[0].find("3.1 GB of Python dependencies will be downloaded, which take 6.0 GB there"),
            std::string::npos)
      << questions[0];
  EXPECT_NE(refusal({}, {torch}).message().find("install --yes --feature sentence-transformers"),
            std::string::npos);
}

}  // namespace
}  // namespace ktx::runtime
