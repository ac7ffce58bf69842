#include "ktx/install/uv.hpp"

#include <gtest/gtest.h>

#include "expect_error.hpp"
#include "fake_command_runner.hpp"
#include "runtime_fixture.hpp"

namespace ktx::runtime {
namespace {

class UvTest : public testing::Test {
 protected:
  std::filesystem::path executable(const std::string& name) {
    const auto path = fixture_.directory / name;
    test::write_file(path, "");
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path;
  }

  std::optional<std::filesystem::path> located() { return locate_uv(fixture_.environment, fixture_.layout); }

  /// The error of a uv that answers so.
  Error error_with(CommandResult result) {
    fixture_.environment.variables["KTX_UV"] = executable("uv").string();
    test::FakeCommandRunner runner([&](const Command&) { return result; });
    Error error = test::error_of([&] { find_uv(fixture_.environment, fixture_.layout, runner); });
    EXPECT_EQ(error.kind(), ErrorKind::uv);
    EXPECT_FALSE(error.fix().empty());
    return error;
  }

  test::RuntimeFixture fixture_;
};

TEST_F(UvTest, IsLookedUpInOrder) {
  EXPECT_EQ(located(), std::nullopt);
  const auto own = executable("root/.ktx/tools/bin/uv");
  EXPECT_EQ(located(), own);
  const auto on_path = executable("second/uv");
  test::write_file(fixture_.directory / "first/uv", "not executable");
  fixture_.environment.variables["PATH"] =
      (fixture_.directory / "first").string() + "::relative:" + (fixture_.directory / "second").string();
  EXPECT_EQ(located(), on_path);
  fixture_.environment.variables["KTX_UV"] = executable("chosen").string();
  EXPECT_EQ(located(), fixture_.directory / "chosen");
}

TEST_F(UvTest, AWrongKtxUvIsSaid) {
  fixture_.environment.variables["KTX_UV"] = "/nonexistent/uv";
  EXPECT_EQ(test::error_of([&] { located(); }).message(), "KTX_UV names no executable file: /nonexistent/uv");
}

TEST_F(UvTest, MissingHasTheContractsSentence) {
  test::FakeCommandRunner runner([](const Command&) { return test::exited(0); });
  const Error error = test::error_of([&] { find_uv(fixture_.environment, fixture_.layout, runner); });
  EXPECT_EQ(
      error.message(),
      "uv is required to install the KTX Python runtime. Install uv and retry: ktx runtime install --yes");
  EXPECT_TRUE(runner.commands.empty());
}

TEST_F(UvTest, AnswersWithItsVersion) {
  fixture_.environment.variables["KTX_UV"] = executable("uv").string();
  fixture_.environment.variables["PYTHONHOME"] = "/x";
  test::FakeCommandRunner runner(
      [](const Command&) { return test::exited(0, "uv 0.9.3 (abc 2026-01-01)\n"); });
  EXPECT_EQ(find_uv(fixture_.environment, fixture_.layout, runner).version, "uv 0.9.3 (abc 2026-01-01)");
  ASSERT_EQ(runner.commands.size(), 1U);
  EXPECT_GT(runner.commands[0].time_limit.count(), 0);
  EXPECT_FALSE(runner.commands[0].environment.contains("PYTHONHOME"));
}

TEST_F(UvTest, EachWayToFailHasItsOwnMessage) {
  const std::string path = (fixture_.directory / "uv").string();
  EXPECT_EQ(error_with(test::exited(0, "uv 0.4.30\n")).message(),
            "uv is too old: " + path + " is \"uv 0.4.30\"");
  EXPECT_EQ(error_with(test::exited(0, "ultraviolet\nx")).message(),
            "This is not uv: " + path + " answers \"ultraviolet\"");
  EXPECT_EQ(error_with(test::exited(2)).message(), "uv does not work: " + path + ": exit code 2");
  CommandResult hanging;
  hanging.end = CommandResult::End::timed_out;
  hanging.time_limit = std::chrono::seconds(10);
  EXPECT_EQ(error_with(hanging).message(), "uv does not work: " + path + ": no answer within 10 s");
}

}  // namespace
}  // namespace ktx::runtime
