#include "ktx/runtime/asset.hpp"

#include <gtest/gtest.h>

#include "expect_error.hpp"
#include "runtime_fixture.hpp"

namespace ktx::runtime {
namespace {

class AssetTest : public testing::Test {
 protected:
  Error verification_error(const Features& features = {Feature::core}) {
    Error error = test::error_of([&] { verify_asset(fixture_.layout, features); });
    EXPECT_EQ(error.kind(), ErrorKind::asset);
    EXPECT_EQ(error.fix(), "Reinstall ktx: its bundled wheel is missing or damaged");
    return error;
  }

  /// The error after `pointer` in the manifest has been set to `value`.
  std::string error_with(const char* pointer, const Json& value) {
    const Json original = fixture_.manifest;
    fixture_.manifest[Json::json_pointer(pointer)] = value;
    fixture_.write_manifest();
    fixture_.manifest = original;
    return verification_error().message();
  }

  test::RuntimeFixture fixture_;
};

TEST_F(AssetTest, VerifiesAndReturnsTheBytes) {
  const VerifiedAsset asset = verify_asset(fixture_.layout, {Feature::core});
  EXPECT_EQ(asset.wheel_path, fixture_.wheel_path());
  EXPECT_EQ(asset.wheel, "wheel bytes");
  EXPECT_EQ(asset.requirements, "# core\n");
  EXPECT_EQ(asset.manifest.version, "0.1.0");
}

TEST_F(AssetTest, TakesTheListOfTheFeatures) {
  const VerifiedAsset asset = verify_asset(fixture_.layout, {Feature::core, Feature::local_embeddings});
  EXPECT_EQ(asset.requirements, "# core and embeddings\n");
}

TEST_F(AssetTest, NeedNotHaveAListForSentenceTransformers) {
  EXPECT_EQ(read_asset_manifest(fixture_.layout).installable(), normalize({Feature::local_embeddings}));
  EXPECT_EQ(verification_error({Feature::sentence_transformers}).message(),
            "The bundled runtime manifest has no list for sentence-transformers");
  fixture_.ship_sentence_transformers("# torch too\n");
  const VerifiedAsset asset = verify_asset(fixture_.layout, normalize({Feature::sentence_transformers}));
  EXPECT_EQ(asset.requirements, "# torch too\n");
  EXPECT_EQ(to_json(asset.manifest)["requirements"], fixture_.manifest["requirements"]);
  EXPECT_EQ(asset.manifest.installable(), normalize({Feature::sentence_transformers}));
  EXPECT_EQ(error_with("/requirements/sentence-transformers/file", "../x"),
            "Unsafe requirements filename in bundled manifest: ../x");
}

TEST_F(AssetTest, AddsTheListsOfDrivers) {
  EXPECT_EQ(verification_error({Feature::trino}).message(),
            "The bundled runtime manifest has no list for trino");
  fixture_.ship("core", "a==1 \\\n    --hash=sha256:1\nb==1\n");
  fixture_.ship("trino", "lz4==4 \\\n    --hash=sha256:4\n");
  fixture_.ship("databricks", "lz4==4 \\\n    --hash=sha256:4\nthrift==3\n");
  const Features both = normalize({Feature::trino, Feature::databricks});
  const VerifiedAsset asset = verify_asset(fixture_.layout, both);
  EXPECT_EQ(asset.requirements,
            "a==1 \\\n    --hash=sha256:1\nb==1\nlz4==4 \\\n    --hash=sha256:4\nthrift==3\n")
      << "each entry once";
  EXPECT_EQ(asset.lists.size(), 3U);
  EXPECT_EQ(to_json(asset.manifest)["requirements"], fixture_.manifest["requirements"]);
  EXPECT_EQ(asset.manifest.installable(),
            normalize({Feature::local_embeddings, Feature::trino, Feature::databricks}));
  const auto& manifest = asset.manifest;
  EXPECT_EQ(manifest.requirements_sha256({Feature::core}), manifest.core_requirements.sha256);
  EXPECT_NE(manifest.requirements_sha256(both), manifest.requirements_sha256(normalize({Feature::trino})));
  EXPECT_EQ(error_with("/requirements/trino/file", "../x"),
            "Unsafe requirements filename in bundled manifest: ../x");
  fixture_.write_manifest();
  test::write_file(fixture_.layout.asset_dir / "requirements-trino.txt", "evil\n");
  EXPECT_NE(verification_error({Feature::trino}).message().find("checksum mismatch"), std::string::npos);
}

TEST_F(AssetTest, HandsOnTheVerifiedListForUv) {
  EXPECT_EQ(verify_asset(fixture_.layout, {}).uv_requirements, "") << "a manifest need not have one";
  fixture_.pin_uv("uv==1\n");
  const VerifiedAsset asset = verify_asset(fixture_.layout, {});
  EXPECT_EQ(asset.uv_requirements, "uv==1\n");
  EXPECT_EQ(to_json(asset.manifest)["tools"], fixture_.manifest["tools"]);
  EXPECT_NE(error_with("/tools/uv/sha256", "x").find("tools.uv.sha256"), std::string::npos);
  EXPECT_NE(error_with("/tools/uv", nullptr).find("tools.uv"), std::string::npos);
  EXPECT_EQ(error_with("/tools/uv/file", "../uv"), "Unsafe requirements filename in bundled manifest: ../uv");
  fixture_.write_manifest();
  test::write_file(fixture_.layout.asset_dir / "requirements-uv.txt", "uv==2\n");
  EXPECT_TRUE(verification_error().message().starts_with("Bundled list for uv checksum mismatch: "));
}

TEST_F(AssetTest, DropsUnknownKeys) {
  fixture_.manifest["more"] = 1;
  fixture_.manifest["wheel"]["more"] = 1;
  fixture_.write_manifest();
  EXPECT_FALSE(to_json(verify_asset(fixture_.layout, {}).manifest).contains("more"));
}

TEST_F(AssetTest, RefusesOtherBytes) {
  const std::string mismatch =
      "Bundled Python runtime wheel checksum mismatch: " + fixture_.wheel_path().string();
  for (const char* bytes : {"wheel bytfs", "wheel byte", "wheel bytess", ""}) {
    test::write_file(fixture_.wheel_path(), bytes);
    EXPECT_EQ(verification_error().message(), mismatch) << bytes;
  }
}

TEST_F(AssetTest, RefusesARightChecksumWithAWrongLength) {
  EXPECT_EQ(error_with("/wheel/bytes", 12).rfind("Bundled Python runtime wheel checksum mismatch: ", 0), 0U);
}

TEST_F(AssetTest, RefusesOtherRequirements) {
  test::write_file(fixture_.layout.asset_dir / "requirements-core.txt", "evil\n");
  EXPECT_EQ(verification_error().message(),
            "Bundled Python requirements checksum mismatch: " +
                (fixture_.layout.asset_dir / "requirements-core.txt").string());
}

TEST_F(AssetTest, RefusesUnsafeNames) {
  for (const char* name : {"../x.whl", "/x.whl", "a/x.whl", R"(..\x.whl)", R"(C:\x.whl)"}) {
    EXPECT_EQ(error_with("/wheel/file", name),
              std::string("Unsafe runtime wheel filename in bundled manifest: ") + name);
    EXPECT_EQ(error_with("/requirements/core/file", name),
              std::string("Unsafe requirements filename in bundled manifest: ") + name);
  }
  for (const char* name : {".", ".."}) EXPECT_NE(error_with("/wheel/file", name), "no error");
}

TEST_F(AssetTest, RefusesAManifestThatBreaksARule) {
  const std::string start = "Bundled runtime manifest " + fixture_.layout.asset_manifest_path.string() + ": ";
  EXPECT_EQ(error_with("/schemaVersion", 2), start + "schemaVersion must be 1");
  EXPECT_EQ(error_with("/distributionName", "x"), start + "distributionName must be \"kaelio-ktx\"");
  EXPECT_EQ(error_with("/normalizedName", "x"), start + "normalizedName must be \"kaelio_ktx\"");
  EXPECT_EQ(error_with("/version", ""), start + "version must not be empty");
  EXPECT_EQ(error_with("/wheel", 1), start + "wheel must be an object");
  EXPECT_EQ(error_with("/wheel/bytes", -1), start + "wheel.bytes must not be negative");
  EXPECT_EQ(error_with("/wheel/bytes", 1.5), start + "wheel.bytes must be an integer");
  const std::string upper(64, 'A');
  EXPECT_EQ(error_with("/wheel/sha256", upper),
            start + "wheel.sha256 must be 64 lower-case hexadecimal characters");
  EXPECT_EQ(error_with("/requirements", Json::object()), start + "requirements.core is missing");
}

TEST_F(AssetTest, SaysWhatCannotBeRead) {
  std::filesystem::remove(fixture_.wheel_path());
  EXPECT_EQ(verification_error().message(),
            "Cannot read " + fixture_.wheel_path().string() + ": No such file or directory");
  test::write_file(fixture_.layout.asset_manifest_path, "{");
  EXPECT_NE(verification_error().message().find("is not valid JSON"), std::string::npos);
  std::filesystem::remove(fixture_.layout.asset_manifest_path);
  EXPECT_NE(verification_error().message().find("No such file"), std::string::npos);
}

}  // namespace
}  // namespace ktx::runtime
