#include "ktx/runtime/status.hpp"

#include <gtest/gtest.h>

#include "runtime_fixture.hpp"

namespace ktx::runtime {
namespace {

class StatusTest : public testing::Test {
 protected:
  Status status() const { return runtime_status(fixture_.layout); }

  /// The status of an installed runtime after a change.
  void expect(StatusKind kind, const std::string& detail, bool with_receipt) {
    const Status found = status();
    EXPECT_EQ(name(found.kind), name(kind)) << found.detail;
    EXPECT_EQ(found.detail, detail);
    EXPECT_EQ(found.receipt.has_value(), with_receipt);
  }

  test::RuntimeFixture fixture_;
};

TEST_F(StatusTest, MissingBeforeAnInstall) {
  expect(StatusKind::missing, "No runtime manifest at " + fixture_.layout.manifest_path.string(), false);
}

TEST_F(StatusTest, ReadyAfterIt) {
  fixture_.write_receipt(fixture_.installed_receipt());
  expect(StatusKind::ready, "Runtime ready at " + fixture_.layout.version_dir.string(), true);
}

TEST_F(StatusTest, BrokenByAnInvalidReceipt) {
  test::write_file(fixture_.layout.manifest_path, "{}");
  expect(
      StatusKind::broken,
      "Runtime manifest is invalid: " + fixture_.layout.manifest_path.string() + ": schemaVersion is missing",
      false);
}

TEST_F(StatusTest, MismatchedForAnotherCli) {
  Receipt receipt = fixture_.installed_receipt();
  receipt.cli_version = "0.1.0";
  fixture_.write_receipt(receipt);
  expect(StatusKind::mismatched, "Runtime is for CLI 0.1.0, current CLI is 0.2.0", true);
}

TEST_F(StatusTest, MismatchedForAnotherWheelOrOtherRequirements) {
  fixture_.write_receipt(fixture_.installed_receipt());
  fixture_.write_asset("new wheel", "# core\n", "# core and embeddings\n");
  expect(StatusKind::mismatched, "Runtime was installed from another wheel", true);
  fixture_.write_asset("wheel bytes", "# new core\n", "# core and embeddings\n");
  expect(StatusKind::mismatched, "Runtime was installed from other locked requirements", true);
}

TEST_F(StatusTest, DoesNotDependOnTheAsset) {
  fixture_.write_receipt(fixture_.installed_receipt());
  std::filesystem::remove_all(fixture_.layout.asset_dir);
  EXPECT_EQ(status().kind, StatusKind::ready);
}

TEST_F(StatusTest, MismatchedForANewerReceipt) {
  test::write_file(fixture_.layout.manifest_path, R"({"receiptVersion": 7, "cliVersion": "9.1.0"})");
  expect(StatusKind::mismatched, "Runtime manifest was written by ktx 9.1.0 in a newer format", false);
  EXPECT_EQ(status().newer_writer, "9.1.0");
}

TEST_F(StatusTest, BrokenWithoutItsFiles) {
  fixture_.write_receipt(fixture_.installed_receipt());
  const auto environment = fixture_.layout.environment_dir("env-1");
  std::filesystem::remove(fixture_.layout.daemon_path);
  expect(StatusKind::broken, "Missing ktx-daemon executable: " + fixture_.layout.daemon_path.string(), true);
  std::filesystem::remove(fixture_.layout.python_path);
  expect(StatusKind::broken, "Missing Python executable: " + fixture_.layout.python_path.string(), true);
}

TEST_F(StatusTest, BrokenWithADanglingInterpreter) {
  fixture_.write_receipt(fixture_.installed_receipt());
  std::filesystem::remove(fixture_.layout.python_path);
  std::filesystem::create_symlink("/nonexistent/python", fixture_.layout.python_path);
  expect(StatusKind::broken,
         "Missing Python executable: " + fixture_.layout.python_path.string() +
             " leads to /nonexistent/python, which is gone",
         true);
}

// As in a copied image, an archive or a restored cache.
TEST_F(StatusTest, ReadyWithACopyOfItsLibrary) {
  Receipt receipt = fixture_.installed_receipt();
  fixture_.write_receipt(receipt);
  const auto& library = receipt.interpreter.libpython.path;
  namespace fs = std::filesystem;
  fs::copy_file(library, fixture_.directory / "copy");
  fs::last_write_time(fixture_.directory / "copy", fs::file_time_type::clock::now() - std::chrono::hours(9));
  fs::rename(fixture_.directory / "copy", library);
  const Status found = status();
  EXPECT_EQ(found.kind, StatusKind::ready) << found.detail;
  EXPECT_TRUE(found.libpython_moved);
  EXPECT_EQ(found.receipt->interpreter.libpython, identify_bytes(library)) << "where it is now";
  remember_libpython(fixture_.layout, *found.receipt);
  EXPECT_FALSE(status().libpython_moved) << "one stat is enough again";
}

TEST_F(StatusTest, BrokenByOtherBytesOfTheSameSize) {
  const Receipt receipt = fixture_.installed_receipt();
  fixture_.write_receipt(receipt);
  test::write_file(receipt.interpreter.libpython.path, "LIBRARY");
  expect(StatusKind::broken,
         "Python's shared library is gone or has changed since the install: " +
             receipt.interpreter.libpython.path.string(),
         true);
}

// Whether a copy is sound cannot be told by the receipt of a ktx that kept no digest.
TEST_F(StatusTest, WithoutADigestOnlyTheVeryFileIsTrusted) {
  Receipt receipt = fixture_.installed_receipt();
  receipt.interpreter.libpython.sha256.clear();
  fixture_.write_receipt(receipt);
  EXPECT_EQ(status().kind, StatusKind::ready);
  const auto& library = receipt.interpreter.libpython.path;
  std::filesystem::last_write_time(library,
                                   std::filesystem::file_time_type::clock::now() - std::chrono::hours(9));
  EXPECT_EQ(status().kind, StatusKind::broken);
}

TEST_F(StatusTest, BrokenWhenItsPackagesOrItsLibraryAreGone) {
  const Receipt receipt = fixture_.installed_receipt();
  fixture_.write_receipt(receipt);
  test::write_file(receipt.interpreter.libpython.path, "another library");
  EXPECT_EQ(status().kind, StatusKind::broken);
  std::filesystem::remove(receipt.interpreter.libpython.path);
  EXPECT_EQ(status().kind, StatusKind::broken);
  std::filesystem::remove_all(receipt.interpreter.search_paths.front());
  expect(StatusKind::broken,
         "Missing Python library directory: " + receipt.interpreter.search_paths.front().string(), true);
}

}  // namespace
}  // namespace ktx::runtime
