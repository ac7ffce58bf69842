#include <gtest/gtest.h>

#include "expect_error.hpp"
#include "fake_command_runner.hpp"
#include "ktx/install/install.hpp"
#include "runtime_fixture.hpp"

namespace ktx::runtime {
namespace {

/// A machine whose only Python is one that ktx cannot run, with a uv that is told what to answer.
class PythonFetchTest : public testing::Test {
 protected:
  PythonFetchTest() {
    test::write_file(fixture_.directory / "uv", "");
    std::filesystem::permissions(fixture_.directory / "uv", std::filesystem::perms::owner_all);
    fixture_.environment.variables["KTX_UV"] = (fixture_.directory / "uv").string();
  }

  Error error(const InstallRequest& request) {
    const InstallServices services{.environment = fixture_.environment,
                                   .runner = runner_,
                                   .loads = [](const auto&) { return std::nullopt; },
                                   .verify = {},
                                   .progress = {},
                                   .notice = {}};
    return test::error_of([&] { install(fixture_.layout, request, services); });
  }

  /// The arguments of the uv commands that asked for a Python.
  std::vector<Command> fetches() const {
    std::vector<Command> found;
    for (const Command& command : runner_.commands) {
      if (command.argv.size() > 1 && command.argv[1] == "python") found.push_back(command);
    }
    return found;
  }

  test::RuntimeFixture fixture_;
  std::string uv_error_ = "warning: slow\nerror: no network\n";
  test::FakeCommandRunner runner_{[this](const Command& command) {
    if (command.argv[1] == "--version") return test::exited(0, "uv 0.9.3\n");
    return test::exited(2, "", uv_error_);
  }};
};

TEST_F(PythonFetchTest, AsksForTheNewestVersionWithAPlugin) {
  const Error failure = error({.features = {}, .python = {}});
  ASSERT_EQ(fetches().size(), 1U);
  EXPECT_EQ(fetches()[0].argv.back(), "3.13");
  EXPECT_EQ(fetches()[0].environment.at("UV_PYTHON_INSTALL_DIR"),
            (fixture_.layout.tools_dir / "python").string());
  EXPECT_EQ(failure.kind(), ErrorKind::interpreter);
  ASSERT_FALSE(failure.details().empty());
  EXPECT_EQ(failure.details().back(), "uv python install 3.13: error: no network");
}

TEST_F(PythonFetchTest, ListsEveryRejectedPythonWithTheInnermostCauseOfTheFailure) {
  uv_error_ = "error: Failed to install\n  cause: error sending request\n  cause: no such host\n";
  test::write_file(fixture_.directory / "bin/python3", "");
  std::filesystem::permissions(fixture_.directory / "bin/python3", std::filesystem::perms::owner_all);
  fixture_.environment.variables["PATH"] = (fixture_.directory / "bin").string();
  const Error failure = error({.features = {}, .python = {}});
  EXPECT_EQ(failure.message(), "No Python that ktx can run was found");
  ASSERT_GE(failure.details().size(), 2U);
  EXPECT_EQ(failure.details().front().rfind(
                (fixture_.directory / "bin/python3").string() + ": it does not answer", 0),
            0U)
      << failure.details().front();
  EXPECT_EQ(failure.details().back(), "uv python install 3.13: error: Failed to install (no such host)");
}

TEST_F(PythonFetchTest, AsksForTheVersionThatTheUserNamed) {
  error({.features = {}, .python = "3.12"});
  ASSERT_EQ(fetches().size(), 1U);
  EXPECT_EQ(fetches()[0].argv.back(), "3.12");
}

TEST_F(PythonFetchTest, DoesNotFetchWhatKtxCannotRunOrTheUserDidNotMean) {
  for (const char* requested : {"3.10", "3.14.1", "3", "/opt/python", "pypy3"}) {
    error({.features = {}, .python = requested});
  }
  error({.features = {}, .offline = true, .python = {}});
  EXPECT_TRUE(fetches().empty());
}

}  // namespace
}  // namespace ktx::runtime
