#include "ktx/runtime/receipt.hpp"

#include <gtest/gtest.h>

#include "ktx/util/file_lock.hpp"
#include "runtime_fixture.hpp"

namespace ktx::runtime {
namespace {

class ReceiptTest : public testing::Test {
 protected:
  LoadedReceipt load_with(const char* pointer, const Json& value) {
    Json document = to_json(receipt_);
    document[Json::json_pointer(pointer)] = value;
    test::write_file(fixture_.layout.manifest_path, pretty_json(document));
    return load_receipt(fixture_.layout);
  }

  test::RuntimeFixture fixture_;
  Receipt receipt_ = fixture_.installed_receipt();
};

TEST_F(ReceiptTest, ReadsWhatItWrites) {
  fixture_.write_receipt(receipt_);
  const LoadedReceipt loaded = load_receipt(fixture_.layout);
  ASSERT_TRUE(loaded.receipt) << loaded.error;
  EXPECT_EQ(to_json(*loaded.receipt), to_json(receipt_));
}

TEST_F(ReceiptTest, KeepsTheOrderOfKeys) {
  std::vector<std::string> keys;
  const Json document = to_json(receipt_);
  for (const auto& item : document.items()) keys.push_back(item.key());
  EXPECT_EQ(keys,
            (std::vector<std::string>{"schemaVersion", "cliVersion", "installedAt", "asset", "features",
                                      "python", "installLog", "receiptVersion", "environment", "interpreter",
                                      "requirementsSha256", "recordSha256", "inventorySha256"}));
}

TEST_F(ReceiptTest, AbsenceIsNoError) { EXPECT_TRUE(load_receipt(fixture_.layout).absent()); }

TEST_F(ReceiptTest, NamesWhatIsWrong) {
  const std::string start = fixture_.layout.manifest_path.string() + ": ";
  EXPECT_EQ(load_with("/features", Json::array()).error, start + "features must not be empty");
  EXPECT_EQ(load_with("/features/0", "x").error, start + "features has the unknown value \"x\"");
  EXPECT_EQ(load_with("/schemaVersion", 2).error, start + "schemaVersion must be 1");
  EXPECT_EQ(load_with("/python/executable", "").error, start + "python.executable must not be empty");
  EXPECT_EQ(load_with("/asset/wheel/sha256", "x").error,
            start + "asset.wheel.sha256 must be 64 lower-case hexadecimal characters");
  for (const char* name : {"../other", "env-1/..", "lib"}) {
    EXPECT_EQ(load_with("/environment", name).error,
              start + "environment must be the name of a built environment");
  }
}

TEST_F(ReceiptTest, AManifestOfAnotherProgramIsNotAReceipt) {
  Json document = to_json(receipt_);
  document.erase("receiptVersion");
  test::write_file(fixture_.layout.manifest_path, pretty_json(document));
  EXPECT_NE(load_receipt(fixture_.layout).error.find("receiptVersion is missing"), std::string::npos);
}

TEST_F(ReceiptTest, GarbageIsAnErrorWithItsReason) {
  for (const char* text : {"", "{", "[]", "null", "\xff\xfe"}) {
    test::write_file(fixture_.layout.manifest_path, text);
    EXPECT_FALSE(load_receipt(fixture_.layout).error.empty()) << text;
  }
}

TEST_F(ReceiptTest, ADirectoryInItsPlaceIsAnError) {
  std::filesystem::create_directories(fixture_.layout.manifest_path);
  EXPECT_FALSE(load_receipt(fixture_.layout).error.empty());
}

TEST_F(ReceiptTest, ANewerFormatNamesItsWriterWhateverElseItHolds) {
  test::write_file(fixture_.layout.manifest_path,
                   R"({"receiptVersion": 2, "cliVersion": "9.0.0", "python": 1})");
  const LoadedReceipt loaded = load_receipt(fixture_.layout);
  EXPECT_EQ(loaded.newer_writer, "9.0.0");
  EXPECT_FALSE(loaded.receipt);
  EXPECT_TRUE(loaded.error.empty());
}

TEST_F(ReceiptTest, ANewerFormatIsNeverTakenForAbsence) {
  for (const char* text : {R"({"receiptVersion": 18446744073709551615, "cliVersion": "9.0.0"})",
                           R"({"receiptVersion": 2, "cliVersion": ""})", R"({"receiptVersion": 2})"}) {
    EXPECT_FALSE(parse_receipt(text, "receipt").newer_writer.empty()) << text;
  }
}

class MovedLibraryTest : public ReceiptTest {
 protected:
  MovedLibraryTest() {
    fixture_.write_receipt(receipt_);
    moved_.interpreter.libpython.inode += 1;
    moved_.interpreter.libpython.mtime_ns += 1;
  }

  FileIdentity kept() const { return load_receipt(fixture_.layout).receipt->interpreter.libpython; }

  Receipt moved_ = receipt_;
};

TEST_F(MovedLibraryTest, IsRememberedAndTheRuntimeStaysTheSame) {
  const auto digest = receipt_digest(fixture_.layout);
  remember_libpython(fixture_.layout, moved_);
  EXPECT_EQ(kept(), moved_.interpreter.libpython);
  EXPECT_EQ(receipt_digest(fixture_.layout), digest) << "a daemon that runs still fits, and kept answers too";
  Receipt other = moved_;
  other.interpreter.libpython.sha256 = std::string(64, '0');
  fixture_.write_receipt(other);
  EXPECT_NE(receipt_digest(fixture_.layout), digest) << "other bytes are another runtime";
}

TEST_F(MovedLibraryTest, IsNotWrittenIntoAReceiptThatAnInstallPutThere) {
  Receipt newer = receipt_;
  newer.environment = "env-2";
  fixture_.write_receipt(newer);
  remember_libpython(fixture_.layout, moved_);
  EXPECT_EQ(kept(), receipt_.interpreter.libpython);
}

TEST_F(MovedLibraryTest, IsLeftToTheInstallThatRuns) {
  const auto lock = FileLock::try_acquire(fixture_.layout.install_lock_path, LockMode::exclusive);
  ASSERT_TRUE(lock);
  remember_libpython(fixture_.layout, moved_);
  EXPECT_EQ(kept(), receipt_.interpreter.libpython);
}

TEST_F(MovedLibraryTest, IsNoErrorWhereNothingCanBeWritten) {
  std::filesystem::remove_all(fixture_.layout.locks_dir);
  test::write_file(fixture_.layout.locks_dir, "no folder");
  remember_libpython(fixture_.layout, moved_);
  EXPECT_EQ(kept(), receipt_.interpreter.libpython);
}

}  // namespace
}  // namespace ktx::runtime
