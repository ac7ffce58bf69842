#include "ktx/install/bundle.hpp"

#include <gtest/gtest.h>

#include "expect_error.hpp"
#include "install_fixture.hpp"
#include "ktx/util/text.hpp"

namespace ktx::runtime {
namespace {

/// A bundle for the fixture's tiny wheel, written by hand, and installs from it by the real uv.
class BundleTest : public testing::Test {
 protected:
  BundleTest() {
    description_ = {.cli_version = fixture_.layout.cli_version,
                    .platform = bundle_platform(),
                    .pythons = {"3.13", "3.12", "3.11"},
                    .features = {Feature::core},
                    .requirements = requirement_digests(read_asset_manifest(fixture_.layout)),
                    .files = {}};
    add_file("wheels/README", "wheels go here");
  }

  void add_file(const std::string& name, const std::string& bytes) {
    test::write_file(folder_ / name, bytes);
    description_.files.push_back({name, hex(sha256(bytes)), bytes.size()});
  }

  InstallResult install_from(const std::filesystem::path& bundle, Features features = {Feature::core}) {
    write_description();
    InstallRequest request{.features = std::move(features), .force = true, .python = {}};
    request.bundle = bundle;
    return fixture_.install(request);
  }

  void write_description() const {
    test::write_file(folder_ / "bundle.json", pretty_json(to_json(description_)));
  }

  /// What follows the bundle's name in the error; the fix is there and nothing is left.
  std::string reason(const std::filesystem::path& bundle, Features features = {Feature::core}) {
    const Error error = test::error_of([&] { install_from(bundle, std::move(features)); });
    EXPECT_EQ(error.kind(), ErrorKind::install);
    EXPECT_FALSE(error.fix().empty());
    EXPECT_TRUE(fixture_.is_tidy(0));
    const std::string start = "Cannot install from the bundle " + bundle.string() + ": ";
    EXPECT_TRUE(error.message().starts_with(start)) << error.message();
    return error.message().substr(std::min(start.size(), error.message().size()));
  }

  std::string reason() { return reason(folder_); }

  /// Runs a Python script with these arguments.
  void python(const std::string& script, const std::filesystem::path& argument) const {
    const CommandResult result = ProcessRunner().run(
        {.argv = {fixture_.python.string(), "-c", script, argument.string(), folder_.string()}});
    ASSERT_TRUE(result.succeeded()) << result.err;
  }

  test::InstallFixture fixture_;
  std::filesystem::path folder_ =
      fixture_.directory / "the #1, a; ${HOME} bundle";  // each means something to uv
  BundleDescription description_;
};

TEST_F(BundleTest, AnInstallTakesNothingFromElsewhere) {
  EXPECT_TRUE(install_from(folder_).installed);
  EXPECT_TRUE(fixture_.works());
  std::size_t installs = 0;
  for (const Command& command : fixture_.runner.commands) {
    if (command.argv.size() < 3 || command.argv[2] != "install") continue;
    ++installs;
    for (const std::string& word :
         {std::string("--offline"), std::string("--no-index"), file_url((folder_ / "wheels").string())}) {
      EXPECT_NE(std::find(command.argv.begin(), command.argv.end(), word), command.argv.end()) << word;
    }
  }
  EXPECT_EQ(installs, 2U);
}

TEST_F(BundleTest, AnArchiveIsUnpackedAndNothingOfItStays) {
  write_description();
  const auto archive = fixture_.directory / "bundle.zip";
  python("import shutil, sys; shutil.make_archive(sys.argv[1][:-4], 'zip', sys.argv[2])", archive);
  EXPECT_TRUE(install_from(archive).installed);
  EXPECT_TRUE(fixture_.works());
  EXPECT_TRUE(fixture_.is_tidy(1));
}

TEST_F(BundleTest, OfAnotherVersionPlatformOrLockIsRefused) {
  description_.cli_version = "9.9.9";
  EXPECT_EQ(reason(), "it is for ktx 9.9.9, and this is ktx 0.2.0");
  description_.cli_version = fixture_.layout.cli_version;
  description_.platform = "plan9-mips";
  EXPECT_EQ(reason(), "it is for plan9-mips, and this is " + bundle_platform());
  description_.platform = bundle_platform();
  description_.requirements["core"] = std::string(64, '0');
  EXPECT_EQ(reason(), "it was made from other locked requirements than this ktx has");
}

TEST_F(BundleTest, WithoutTheFeatureIsRefused) {
  EXPECT_EQ(reason(folder_, {Feature::local_embeddings}),
            "it has the features core, and needed are core, local-embeddings");
}

TEST_F(BundleTest, ForOtherPythonsOnlyIsRefused) {
  description_.pythons = {"3.99"};
  const Error error = test::error_of([&] { install_from(folder_); });
  EXPECT_EQ(error.kind(), ErrorKind::interpreter);
  ASSERT_FALSE(error.details().empty());
  EXPECT_NE(error.details().front().find("the bundle is for Python 3.99"), std::string::npos);
}

TEST_F(BundleTest, ADamagedOrMissingFileIsNamed) {
  test::write_file(folder_ / "wheels/README", "wheels go hers");
  EXPECT_EQ(reason(), "wheels/README is damaged: its SHA-256 is not the one in bundle.json");
  std::filesystem::remove(folder_ / "wheels/README");
  EXPECT_EQ(reason(), "wheels/README is missing");
}

TEST_F(BundleTest, WhatIsNoBundleIsRefused) {
  EXPECT_EQ(reason(fixture_.directory / "nothing"), "there is no such folder or archive");
  std::filesystem::create_directories(fixture_.directory / "empty");
  EXPECT_EQ(reason(fixture_.directory / "empty"), "it has no bundle.json, so it is no bundle");
  test::write_file(fixture_.directory / "empty/bundle.json", "{");
  EXPECT_TRUE(reason(fixture_.directory / "empty").starts_with("bundle.json is not valid JSON"));
}

TEST_F(BundleTest, ItsDescriptionIsReadStrictly) {
  const Json sound = to_json(description_);
  const auto error_with = [&](const char* pointer, const Json& value) {
    Json document = sound;
    document[Json::json_pointer(pointer)] = value;
    return test::error_of([&] {
             bundle_description_from_json({document, "b", ErrorKind::install});
           })
        .message();
  };
  EXPECT_EQ(error_with("/schemaVersion", 2), "b: schemaVersion must be 1");
  EXPECT_EQ(error_with("/pythons", "3.12"), "b: pythons must be an array");
  EXPECT_EQ(error_with("/features", {"gpu"}), "b: features has an unknown name: gpu");
  EXPECT_EQ(error_with("/files/0/sha256", "x"),
            "b: files[0].sha256 must be 64 lower-case hexadecimal characters");
  for (const char* name : {"../x", "/x", "a/../../x", "a\\x", "c:x", "a//../x", "./x"}) {
    EXPECT_EQ(error_with("/files/0/file", name), "b: files has an unsafe name: " + std::string(name));
  }
}

TEST_F(BundleTest, AnArchiveThatLeadsElsewhereIsRefused) {
  const auto archive = fixture_.directory / "evil.zip";
  for (const char* entry :
       {"z.writestr('../../escaped', 'x')", "z.writestr('/tmp/escaped', 'x')",
        "z.writestr('a/../../../escaped', 'x')", "z.writestr('..\\\\escaped', 'x')",
        "i = zipfile.ZipInfo('link'); i.external_attr = 0o120777 << 16; z.writestr(i, '/etc')"}) {
    python(std::string("import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], 'w') as z:\n    ") + entry,
           archive);
    InstallRequest request{.features = {}, .python = {}};
    request.bundle = archive;
    const Error error = test::error_of([&] { fixture_.install(request); });
    EXPECT_EQ(error.kind(), ErrorKind::install);
    EXPECT_NE(error.message().find("it has an unsafe entry: "), std::string::npos) << error.message();
    EXPECT_TRUE(fixture_.is_tidy(0));
    EXPECT_FALSE(path_exists(fixture_.layout.own_dir / "escaped"));
  }
}

TEST_F(BundleTest, AnArchiveThatIsDamagedIsRefused) {
  const auto archive = fixture_.directory / "broken.zip";
  test::write_file(archive, "PK but no archive");
  InstallRequest request{.features = {}, .python = {}};
  request.bundle = archive;
  const Error error = test::error_of([&] { fixture_.install(request); });
  EXPECT_EQ(error.message(), "Cannot unpack the bundle " + archive.string() +
                                 ": it is no sound zip archive: File is not a zip file");
}

}  // namespace
}  // namespace ktx::runtime
