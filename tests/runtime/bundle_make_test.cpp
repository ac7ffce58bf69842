#include <gtest/gtest.h>

#include <csignal>

#include "expect_error.hpp"
#include "install_fixture.hpp"
#include "ktx/install/bundle.hpp"

namespace ktx::runtime {
namespace {

/// Makes bundles with a real pip, which finds the locked package in a folder and may ask no index.
class BundleMakeTest : public testing::Test {
 protected:
  BundleMakeTest() {
    const std::string wheel = fixture_.make_wheel("dependency", "1.0");
    const std::string digest = hex(sha256(read_file(fixture_.directory / wheel)));
    fixture_.use_wheel("0.1.0", "dependency==1.0 --hash=sha256:" + digest + "\n");
    fixture_.environment.variables["PIP_NO_INDEX"] = "1";
    fixture_.environment.variables.erase("PIP_FIND_LINKS");
    std::filesystem::create_directories(out_);
  }

  Bundle make(const std::string& name, bool force = false, std::vector<std::string> find_links = {}) {
    if (find_links.empty()) find_links = {fixture_.directory.path().string()};
    return make_bundle(
        fixture_.layout,
        {.target = out_ / name, .features = {}, .pythons = {}, .find_links = find_links, .force = force},
        fixture_.services());
  }

  InstallResult install_from(const std::string& name) {
    InstallRequest request{.features = {}, .python = {}};
    request.bundle = out_ / name;
    return fixture_.install(request);
  }

  test::InstallFixture fixture_;
  std::filesystem::path out_ = fixture_.directory / "out";
};

TEST_F(BundleMakeTest, AFolderHoldsEverythingAndInstalls) {
  const Bundle bundle = make("b");
  EXPECT_EQ(bundle.path, out_ / "b");
  EXPECT_TRUE(path_exists(out_ / "b/wheels/dependency-1.0-py3-none-any.whl"));
  EXPECT_TRUE(path_exists(out_ / "b/assets/manifest.json"));
  EXPECT_EQ(read_file(out_ / "b/assets" / fixture_.wheel_name), read_file(fixture_.wheel_path()));
  const Json written = Json::parse(read_file(out_ / "b/bundle.json"));
  EXPECT_EQ(written, to_json(bundle.description));
  EXPECT_EQ(written["files"].size(), 4U);
  EXPECT_EQ(fixture_.names(out_, ""), std::vector<std::string>{"b"});
  EXPECT_TRUE(install_from("b").installed);
  EXPECT_TRUE(fixture_.works());
}

TEST_F(BundleMakeTest, AnArchiveInstallsToo) {
  make("b.zip");
  EXPECT_EQ(fixture_.names(out_, ""), std::vector<std::string>{"b.zip"});
  EXPECT_TRUE(install_from("b.zip").installed);
  EXPECT_TRUE(fixture_.works());
}

TEST_F(BundleMakeTest, OnlyABundleIsReplacedAndOnlyByForce) {
  make("b");
  test::write_file(out_ / "b/old", "");
  EXPECT_EQ(test::error_of([&] { make("b"); }).message(), (out_ / "b").string() + " is there already");
  EXPECT_TRUE(path_exists(out_ / "b/old"));
  make("b", true);
  EXPECT_FALSE(path_exists(out_ / "b/old"));
  test::write_file(out_ / "home/precious", "");
  EXPECT_EQ(test::error_of([&] { make("home", true); }).message(),
            (out_ / "home").string() + " is no bundle, so --force does not replace it");
  EXPECT_TRUE(path_exists(out_ / "home/precious"));
}

TEST_F(BundleMakeTest, AFailureLeavesWhatWasThere) {
  make("b");
  const Error error = test::error_of([&] { make("b", true, {out_.string()}); });
  EXPECT_EQ(error.kind(), ErrorKind::install);
  EXPECT_NE(error.message().find("requirements.txt"), std::string::npos) << error.message();
  EXPECT_EQ(fixture_.names(out_, ""), std::vector<std::string>{"b"});
  EXPECT_TRUE(path_exists(out_ / "b/bundle.json"));
}

TEST_F(BundleMakeTest, AnInterruptionLeavesNothing) {
  fixture_.runner.before = [&](std::size_t) {
    const auto& command = fixture_.runner.commands.back().argv;
    if (std::find(command.begin(), command.end(), "download") != command.end()) ::raise(SIGINT);
  };
  EXPECT_EQ(test::error_of([&] { make("b.zip"); }).kind(), ErrorKind::interrupted);
  EXPECT_TRUE(fixture_.names(out_, "").empty());
}

TEST_F(BundleMakeTest, WithoutItsFolderSaysSo) {
  EXPECT_NE(test::error_of([&] { make("missing/b"); }).message().find("there is no folder"),
            std::string::npos);
}

}  // namespace
}  // namespace ktx::runtime
