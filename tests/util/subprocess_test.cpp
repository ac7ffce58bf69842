#include "ktx/util/subprocess.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/interrupt.hpp"
#include "temporary_directory.hpp"

namespace ktx {
namespace {

using End = CommandResult::End;
using std::chrono::seconds;

Command shell(std::string script) {
  return {.argv = {"/bin/sh", "-c", std::move(script)}, .environment = {{"PATH", "/usr/bin:/bin"}}};
}

CommandResult run(const Command& command) { return ProcessRunner().run(command); }

TEST(Subprocess, CapturesBothStreamsAndTheExitCode) {
  const CommandResult result = run(shell("echo out; echo err >&2; exit 3"));
  EXPECT_EQ(result.end, End::exited);
  EXPECT_EQ(result.code, 3);
  EXPECT_EQ(result.out, "out\n");
  EXPECT_EQ(result.err, "err\n");
  EXPECT_EQ(result.describe(), "exit code 3");
}

TEST(Subprocess, PassesArgumentsEnvironmentAndDirectoryUnchanged) {
  const test::TemporaryDirectory directory;
  Command command = shell("printf '%s|%s|%s' \"$1\" \"$WORD\" \"$(pwd)\"");
  command.argv.insert(command.argv.end(), {"name", "a b'\"$x"});
  command.environment["WORD"] = "ä b";
  command.directory = directory.path();
  EXPECT_EQ(run(command).out, "a b'\"$x|ä b|" + directory.path().string());
}

TEST(Subprocess, InheritsNoOtherEnvironment) {
  ::setenv("KTX_TEST_LEAK", "leaked", 1);
  EXPECT_EQ(run(shell("echo \"[$KTX_TEST_LEAK]\"")).out, "[]\n");
}

TEST(Subprocess, FeedsMoreInputThanAPipeHolds) {
  Command command = shell("wc -c");
  command.input = std::string(3'000'000, 'x');
  EXPECT_EQ(run(command).out, "3000000\n");
}

TEST(Subprocess, IsNotEndedByAChildThatReadsNothing) {
  Command command = shell("exec 0<&-; echo done");
  command.input = std::string(3'000'000, 'x');
  EXPECT_EQ(run(command).out, "done\n");
}

TEST(Subprocess, ReportsWhatCannotBeStarted) {
  const CommandResult result = run({.argv = {"/nonexistent/program"}});
  EXPECT_EQ(result.end, End::not_started);
  EXPECT_EQ(result.code, ENOENT);
  EXPECT_EQ(result.describe(), "cannot be started: No such file or directory");
}

TEST(Subprocess, ReportsADirectoryThatCannotBeEntered) {
  Command command = shell("true");
  command.directory = "/nonexistent/directory";
  EXPECT_EQ(run(command).describe(), "cannot be started: No such file or directory");
}

TEST(Subprocess, EndsWithAnOwnerThatIsKilled) {
  // The grandchild holds this pipe open, and is reparented before it is looked at.
  const test::TemporaryDirectory directory;
  const std::string held = (directory.path() / "held").string();
  ASSERT_EQ(::mkfifo(held.c_str(), 0600), 0);
  const FileDescriptor reader(::open(held.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  const pid_t owner = ::fork();
  if (owner == 0) {
    Command command = shell("exec 9>\"$1\"; echo held >&9; exec sleep 300");
    command.argv.insert(command.argv.end(), {"name", held});
    run(command);
    ::_exit(0);
  }
  constexpr int patience_ms = 60'000;
  pollfd changed{reader.value(), POLLIN, 0};
  ASSERT_EQ(::poll(&changed, 1, patience_ms), 1);
  ::kill(owner, SIGKILL);
  ::waitpid(owner, nullptr, 0);
  char text[8] = {};
  ASSERT_EQ(::read(reader.value(), text, sizeof text), 5);
  ASSERT_EQ(::poll(&changed, 1, patience_ms), 1) << "the process outlived its owner";
  EXPECT_EQ(::read(reader.value(), text, sizeof text), 0);
}

TEST(Subprocess, NamesTheSignalOfACrash) {
  EXPECT_EQ(run(shell("kill -SEGV $$")).describe(), "killed by SIGSEGV");
}

TEST(Subprocess, EndsTheWholeGroupAtTheTimeLimit) {
  // Shell and grandchild hold this pipe open: it ends when both are gone, however busy the machine is.
  const test::TemporaryDirectory directory;
  const std::string held = (directory.path() / "held").string();
  ASSERT_EQ(::mkfifo(held.c_str(), 0600), 0);
  const FileDescriptor reader(::open(held.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  Command command = shell("exec 9>\"$1\"; sleep 300 & echo held >&9; wait");
  command.argv.insert(command.argv.end(), {"name", held});
  command.time_limit = seconds(5);
  EXPECT_EQ(run(command).end, End::timed_out);
  constexpr int patience_ms = 60'000;
  pollfd ended{reader.value(), POLLIN, 0};
  char text[8] = {};
  ssize_t count = 0;
  do {
    ASSERT_EQ(::poll(&ended, 1, patience_ms), 1) << "a process of the group is still alive";
    count = ::read(reader.value(), text, sizeof text);
  } while (count > 0);
  EXPECT_EQ(count, 0);
}

TEST(Subprocess, DoesNotWaitForGrandchildrenThatKeepTheStreams) {
  const auto start = std::chrono::steady_clock::now();
  const CommandResult result = run(shell("sleep 20 & echo $!"));
  EXPECT_TRUE(result.succeeded());
  EXPECT_LT(std::chrono::steady_clock::now() - start, seconds(15));
  ::kill(std::stoi(result.out), SIGKILL);
}

TEST(Subprocess, RefusesEndlessOutput) { EXPECT_EQ(run(shell("yes")).end, End::too_much_output); }

TEST(Subprocess, HandsOnLinesAsTheyCome) {
  std::vector<std::string> lines;
  Command command = shell("echo one; printf 'two\\nthree'");
  command.on_line = [&](std::string_view line) { lines.emplace_back(line); };
  run(command);
  EXPECT_EQ(lines, (std::vector<std::string>{"one", "two"}));
}

TEST(Subprocess, HandsOnBytesAsTheyCome) {
  std::string bytes;
  Command command = shell("printf 'no line'; echo err >&2");
  command.on_output = [&](std::string_view arrived) { bytes += arrived; };
  run(command);
  EXPECT_EQ(bytes.size(), 11U) << bytes;
}

TEST(Subprocess, HearsTheLastWordsOfWhatItInterrupts) {
  std::string bytes;
  Command command = shell("trap 'printf last; exit' TERM; echo first; while :; do :; done");
  command.on_output = [&](std::string_view arrived) {
    bytes += arrived;
    if (bytes == "first\n") ::raise(SIGINT);
  };
  EXPECT_THROW(run(command), Error);
  EXPECT_EQ(bytes, "first\nlast");
}

TEST(Subprocess, HearsTheLastWordsOfWhatTakesTooLong) {
  Command command = shell("trap 'printf last; exit' TERM; while :; do :; done");
  command.time_limit = std::chrono::seconds(2);
  const CommandResult result = run(command);
  EXPECT_EQ(result.end, End::timed_out);
  EXPECT_EQ(result.out, "last");
}

TEST(Subprocess, GivesChildrenTheDefaultSigpipe) {
  std::signal(SIGPIPE, SIG_IGN);
  EXPECT_EQ(run(shell("trap '' HUP; (yes; echo $? >&2) | head -n 1")).err, "141\n");
}

TEST(Subprocess, InterruptionEndsTheChildAndThrows) {
  Command command = shell("echo started; sleep 60");
  command.on_line = [](std::string_view) { ::raise(SIGINT); };
  const auto start = std::chrono::steady_clock::now();
  try {
    run(command);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::interrupted);
  }
  EXPECT_EQ(interrupt_exit_code(), 130);
  EXPECT_LT(std::chrono::steady_clock::now() - start, seconds(30));
}

}  // namespace
}  // namespace ktx
