#include "ktx/check/verification.hpp"

#include <gtest/gtest.h>

#include "runtime_fixture.hpp"

namespace ktx::runtime {
namespace {

class VerificationTest : public testing::Test {
 protected:
  Verification verify() {
    return verify_runtime(fixture_.layout, [&](const Interpreter&) { return health_; });
  }

  /// "file link": the subjects of what was found.
  std::string subjects() {
    std::string text;
    for (const Difference& one : verify().differences) text += (text.empty() ? "" : " ") + one.subject;
    return text;
  }

  test::RuntimeFixture fixture_;
  InterpreterHealth health_{.healthy = true, .detail = "Python 3.13.0 loads", .report = {}};
};

TEST_F(VerificationTest, OfASoundRuntimeFindsNothing) {
  fixture_.write_receipt(fixture_.installed_receipt());
  EXPECT_EQ(subjects(), "");
  EXPECT_TRUE(verify().intact());
  EXPECT_EQ(verify().files, 2U);
}

TEST_F(VerificationTest, WithoutARuntimeSaysSo) {
  EXPECT_EQ(subjects(), "runtime");
  EXPECT_FALSE(verify().intact());
}

TEST_F(VerificationTest, ListsEverythingThatDiffers) {
  const Receipt receipt = fixture_.installed_receipt();
  fixture_.write_receipt(receipt);
  test::write_file(fixture_.wheel_path(), "damaged");
  test::write_file(receipt.interpreter.search_paths.front() / "one.py", "");
  test::write_file(receipt.interpreter.search_paths.front() / "two.py", "");
  std::filesystem::remove(fixture_.layout.venv_dir);
  std::filesystem::create_directory_symlink("env-2", fixture_.layout.venv_dir);
  health_ = {.healthy = false, .detail = "The interpreter does not load: killed by SIGSEGV", .report = {}};
  EXPECT_EQ(subjects(), "asset runtime file file link interpreter");
  EXPECT_EQ(verify().differences[1].detail,
            "Missing Python executable: " + fixture_.layout.python_path.string());
}

TEST_F(VerificationTest, TriesTheModelWhereItIsInstalled) {
  const EmbeddingsCheck wrong = [](const Interpreter&, const Features&) {
    return EmbeddingsHealth{false, "model.safetensors is damaged", "Run: ktx runtime repair"};
  };
  const auto count = [&] {
    return verify_runtime(
               fixture_.layout, [&](const auto&) { return health_; }, wrong)
        .differences.size();
  };
  Receipt receipt = fixture_.installed_receipt();
  fixture_.write_receipt(receipt);
  EXPECT_EQ(count(), 0U);
  receipt.features = normalize({Feature::local_embeddings});
  fixture_.write_receipt(receipt);
  EXPECT_EQ(count(), 2U) << "the model, and that the receipt is of another list";
}

TEST_F(VerificationTest, ADamagedShippedFileIsNamedOnce) {
  fixture_.write_receipt(fixture_.installed_receipt());
  test::write_file(fixture_.layout.asset_dir / "requirements-local-embeddings.txt", "other");
  EXPECT_EQ(subjects(), "asset");
  EXPECT_FALSE(verify().intact());
}

}  // namespace
}  // namespace ktx::runtime
