#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "expect_error.hpp"
#include "install_fixture.hpp"
#include "ktx/util/interrupt.hpp"

namespace ktx::runtime {
namespace {

class InstallFailureTest : public testing::Test {
 protected:
  /// How many commands an install of this kind runs.
  std::size_t count_commands() {
    fixture_.runner.commands.clear();
    fixture_.install(fixture_.core_request(true));
    return fixture_.runner.commands.size();
  }

  test::InstallFixture fixture_;
  const Layout& layout_ = fixture_.layout;
};

TEST_F(InstallFailureTest, OfUvNamesTheLog) {
  fixture_.replace_uv("echo about to fail; echo no such interpreter >&2; exit 2");
  const Error error = test::error_of([&] { fixture_.install(fixture_.core_request()); });
  EXPECT_EQ(error.kind(), ErrorKind::install);
  EXPECT_EQ(error.message(),
            "Python runtime install failed. Install log: " + layout_.install_log_path.string());
  const std::string log = read_file(layout_.install_log_path);
  EXPECT_EQ(log.rfind("$ uv venv ", 0), 0U);
  EXPECT_NE(log.find("\nabout to fail\nno such interpreter\n"), std::string::npos) << log;
  EXPECT_EQ(runtime_status(layout_).kind, StatusKind::missing);
  EXPECT_TRUE(fixture_.is_tidy(0));
}

TEST_F(InstallFailureTest, WithoutUvTouchesNothing) {
  fixture_.install(fixture_.core_request());
  fixture_.environment.variables.erase("KTX_UV");
  fixture_.environment.variables["PATH"] = "/nonexistent";
  EXPECT_EQ(test::error_of([&] { fixture_.install(fixture_.core_request(true)); }).kind(), ErrorKind::uv);
  EXPECT_TRUE(fixture_.works());
}

TEST_F(InstallFailureTest, OfTheAssetTouchesNothing) {
  fixture_.install(fixture_.core_request());
  test::write_file(fixture_.wheel_path(), "damaged");
  EXPECT_EQ(test::error_of([&] { fixture_.install(fixture_.core_request(true)); }).kind(), ErrorKind::asset);
  EXPECT_TRUE(fixture_.works());
}

TEST_F(InstallFailureTest, OfTheVerificationTouchesNothing) {
  const Receipt before = fixture_.install(fixture_.core_request()).receipt;
  InstallServices services = fixture_.services();
  services.verify = [&](const Interpreter& interpreter) {
    EXPECT_NE(interpreter.prefix, layout_.venv_dir) << "the new environment, not the one in use";
    throw Error(ErrorKind::interpreter, "does not load");
  };
  EXPECT_EQ(test::error_of([&] { install(layout_, fixture_.core_request(true), services); }).message(),
            "The new Python runtime does not work, so the old one stays: does not load");
  EXPECT_TRUE(fixture_.works());
  EXPECT_EQ(load_receipt(layout_).receipt->environment, before.environment);
  EXPECT_TRUE(fixture_.is_tidy(1));
}

TEST_F(InstallFailureTest, OfTheVerificationSpeaksOfNoOldRuntimeWhereThereIsNone) {
  InstallServices services = fixture_.services();
  services.verify = [](const Interpreter&) { throw Error(ErrorKind::interpreter, "does not load"); };
  EXPECT_EQ(test::error_of([&] { install(layout_, fixture_.core_request(true), services); }).message(),
            "The new Python runtime does not work: does not load");
}

TEST_F(InstallFailureTest, OfAnyStepLeavesTheOldRuntimeAndNothingElse) {
  const std::size_t commands = count_commands();
  ASSERT_GE(commands, 6U);
  const std::string before = load_receipt(layout_).receipt->environment;
  for (std::size_t failing = 1; failing <= commands; ++failing) {
    fixture_.runner.commands.clear();
    fixture_.runner.before = [&](std::size_t number) {
      if (number == failing) throw Error(ErrorKind::io, "the step fails");
    };
    EXPECT_EQ(test::error_of([&] { fixture_.install(fixture_.core_request(true)); }).message(),
              "the step fails");
    fixture_.runner.before = {};
    EXPECT_TRUE(fixture_.works()) << failing;
    EXPECT_TRUE(fixture_.is_tidy(1)) << failing;
    EXPECT_EQ(load_receipt(layout_).receipt->environment, before);
  }
}

TEST_F(InstallFailureTest, AnInterruptionUndoesTheInstall) {
  fixture_.runner.before = [](std::size_t number) {
    if (number == 3) ::raise(SIGTERM);
  };
  EXPECT_EQ(test::error_of([&] { fixture_.install(fixture_.core_request()); }).kind(),
            ErrorKind::interrupted);
  EXPECT_EQ(interrupt_exit_code(), 143);
  EXPECT_EQ(runtime_status(layout_).kind, StatusKind::missing);
  EXPECT_TRUE(fixture_.is_tidy(0));
}

TEST_F(InstallFailureTest, AKilledInstallIsRepairedByTheNext) {
  const std::size_t commands = count_commands();
  for (std::size_t killing = 2; killing <= commands; killing += 2) {
    const int end = test::in_process([&] {
      fixture_.runner.commands.clear();
      fixture_.runner.before = [&](std::size_t number) {
        if (number == killing) ::raise(SIGKILL);
      };
      fixture_.install(fixture_.core_request(true));
      return 0;
    });
    ASSERT_EQ(end, 128 + SIGKILL);
    EXPECT_TRUE(fixture_.works()) << "the old runtime, after step " << killing;
  }
  EXPECT_TRUE(fixture_.install(fixture_.core_request(true)).installed);
  EXPECT_TRUE(fixture_.works());
  EXPECT_TRUE(fixture_.is_tidy(1));
}

TEST_F(InstallFailureTest, ALinkAheadOfItsReceiptIsSetRight) {
  const Receipt receipt = fixture_.install(fixture_.core_request()).receipt;
  // As after a power cut between the two renames of the commit.
  std::filesystem::create_directories(layout_.environment_dir("env-ahead"));
  std::filesystem::remove(layout_.venv_dir);
  std::filesystem::create_directory_symlink("env-ahead", layout_.venv_dir);
  EXPECT_EQ(runtime_status(layout_).kind, StatusKind::broken);
  fixture_.install(fixture_.core_request());
  EXPECT_TRUE(fixture_.works());
  EXPECT_TRUE(fixture_.is_tidy(1));
}

TEST_F(InstallFailureTest, AnUnwritableRootSaysWhatToDo) {
  if (::geteuid() == 0) {
    // Permissions do not stop root; a file in the way stops everybody.
    test::write_file(layout_.runtime_root, "a file");
  } else {
    std::filesystem::create_directories(layout_.runtime_root);
    std::filesystem::permissions(layout_.runtime_root, std::filesystem::perms::owner_read);
  }
  const Error error = test::error_of([&] { fixture_.install(fixture_.core_request()); });
  EXPECT_NE(error.message().find(layout_.runtime_root.string()), std::string::npos) << error.message();
  EXPECT_NE(error.fix().find("KTX_RUNTIME_ROOT"), std::string::npos);
}

TEST_F(InstallFailureTest, TwoAtOnceInstallOnce) {
  const auto install_once = [&] { return fixture_.install(fixture_.core_request()).installed ? 10 : 11; };
  const pid_t other = ::fork();
  if (other == 0) ::_exit(install_once());
  const int mine = install_once();
  int status = 0;
  ::waitpid(other, &status, 0);
  EXPECT_EQ(mine + WEXITSTATUS(status), 21) << "one installs, one finds the work done";
  EXPECT_TRUE(fixture_.works());
  EXPECT_TRUE(fixture_.is_tidy(1));
}

}  // namespace
}  // namespace ktx::runtime
