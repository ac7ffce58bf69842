#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>

#include "expect_error.hpp"
#include "install_fixture.hpp"

namespace ktx::runtime {
namespace {

using Lines = std::vector<std::string>;

class InstallLogTest : public testing::Test {
 protected:
  /// The error of an install whose uv does `body`.
  Error failure(const std::string& body) {
    fixture_.replace_uv(body);
    return test::error_of([&] { fixture_.install(fixture_.core_request()); });
  }

  /// The log below the header of the first command.
  std::string log() {
    const std::string text = read_file(fixture_.layout.install_log_path);
    EXPECT_EQ(text.rfind("$ uv venv --no-config --python ", 0), 0U) << text;
    return text.substr(text.find('\n') + 1);
  }

  /// Makes every write to the log fail as on a full disk.
  void fill_disk() {
    std::filesystem::create_directories(fixture_.layout.version_dir);
    std::filesystem::create_symlink("/dev/full", fixture_.layout.install_log_path);
  }

  test::InstallFixture fixture_;
};

TEST_F(InstallLogTest, HasStdoutBeforeStderrEachWithItsLastLineBreak) {
  failure("printf 'to stderr' >&2; sleep 0.1; printf 'to stdout'; exit 2");
  EXPECT_EQ(log(), "to stdout\nto stderr\nktx: uv: exit code 2\n");
}

TEST_F(InstallLogTest, HasWhatCameBeforeAnInterruption) {
  EXPECT_EQ(failure("trap 'echo last >&2; exit' TERM; printf begun >&2; kill -INT $PPID; "
                    "while :; do :; done")
                .kind(),
            ErrorKind::interrupted);
  EXPECT_EQ(log(), "begunlast\nktx: Interrupted\n");
}

TEST_F(InstallLogTest, HasWhatCameBeforeKtxWasKilled) {
  fixture_.replace_uv("printf begun >&2; until grep -q begun '" + fixture_.layout.install_log_path.string() +
                      "'; do sleep 0.01; done; kill -KILL $PPID");
  EXPECT_EQ(test::in_process([&] { return fixture_.install(fixture_.core_request()).installed ? 0 : 1; }),
            128 + SIGKILL);
  EXPECT_EQ(log(), "begun");
}

TEST_F(InstallLogTest, OnAFullDiskDoesNotStopASoundInstall) {
  fill_disk();
  EXPECT_TRUE(fixture_.install(fixture_.core_request()).installed);
  EXPECT_TRUE(fixture_.works());
}

TEST_F(InstallLogTest, OnAFullDiskDoesNotHideTheError) {
  fill_disk();
  const Error error = failure("echo 'error: no such interpreter' >&2; exit 2");
  EXPECT_EQ(error.kind(), ErrorKind::install);
  EXPECT_EQ(error.details(), Lines{"error: no such interpreter"});
}

TEST_F(InstallLogTest, TheErrorHasTheLastWordsWithoutTheNoise) {
  const Error error = failure(
      "{ echo 'Using CPython 3.13.0'; echo 'Resolved 33 packages in 1s'; echo 'Downloading numpy (15.0MiB)'; "
      "echo; "
      "printf '\\033[1m\\033[31merror\\033[39m\\033[0m: it\\tfailed\\033]0;title\\007\\n'; "
      "printf '10%%\\r20%%\\r\\n'; printf '  cause: \\377\\001caf\\303\\251\\n'; } >&2; exit 2");
  EXPECT_EQ(error.message(),
            "Python runtime install failed. Install log: " + fixture_.layout.install_log_path.string());
  EXPECT_EQ(error.details(), (Lines{"error: it failed", "20%", "  cause: \uFFFDcafé"}));
  EXPECT_NE(log().find("\033[1m"), std::string::npos) << "the log itself keeps every byte";
}

TEST_F(InstallLogTest, TheErrorHasAtMostTenLinesAndNoneWithoutAnEnd) {
  const Error error = failure(
      "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo line $i >&2; done; "
      "printf '%01000d' 0 >&2; exit 2");
  ASSERT_EQ(error.details().size(), 10U);
  EXPECT_EQ(error.details().front(), "line 4");
  EXPECT_EQ(error.details().back(), std::string(300, '0') + "…");
}

TEST_F(InstallLogTest, TheErrorSaysHowASilentCommandEnded) {
  EXPECT_EQ(failure("exit 3").details(), Lines{"uv: exit code 3"});
  EXPECT_EQ(failure("echo on stdout; exit 3").details(), Lines{"on stdout"});
  EXPECT_EQ(failure("echo words >&2; kill -SEGV $$").details(), (Lines{"words", "uv: killed by SIGSEGV"}));
}

TEST_F(InstallLogTest, TheProgressNamesStepsAndPackages) {
  fixture_.install(fixture_.core_request());
  const auto shown = [&](const std::string& step, const std::string& package) {
    return std::ranges::any_of(fixture_.progress, [&](const InstallProgress& now) {
      return now.step == step && now.package == package;
    });
  };
  EXPECT_TRUE(shown("Installing packages", ""));
  EXPECT_TRUE(shown("Installing " + fixture_.wheel_name, "kaelio-ktx"));
  EXPECT_TRUE(shown("Loading the new environment", ""));
}

}  // namespace
}  // namespace ktx::runtime
