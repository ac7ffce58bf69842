// That a process with an interpreter ends with the right status, all output written, and does not hang.
#include <gtest/gtest.h>

#include <csignal>

#include "embedding.hpp"

namespace ktx::test {
namespace {

TEST(Leave, KeepsTheExitCode) {
  for (const int code : {0, 1, 2, 130}) EXPECT_EQ(run(embedded_child("result = 1", code)).exit_code, code);
}

TEST(Leave, RunsAtexitFunctionsAndFlushes) {
  const ChildResult result =
      run(embedded_child("import atexit, sys\n"
                         "atexit.register(lambda: sys.stdout.write('goodbye'))\n"
                         "sys.stdout.write('hello ')\n"));
  EXPECT_EQ(result.out, "{\"ok\": null}\nhello goodbye");
  EXPECT_EQ(result.exit_code, 0);
}

/// Threads that never end, an atexit function that raises and one that asks to exit: what a process with
/// extension modules may hold when it ends. Finalising Python would hang or crash on some of these.
TEST(Leave, NeitherHangsNorLosesOutput) {
  const std::string code =
      "import atexit, sys, threading\n"
      "def spin():\n"
      "    while True: sum(range(100))\n"
      "for _ in range(2): threading.Thread(target=spin, daemon=True).start()\n"
      "threading.Thread(target=threading.Event().wait).start()\n"
      "atexit.register(lambda: sys.stdout.write('x' * 100000 + 'end'))\n"
      "atexit.register(lambda: 1 / 0)\n"
      "atexit.register(sys.exit, 9)\n";
  const std::string expected = "{\"ok\": null}\n" + std::string(100000, 'x') + "end";
  for (int round = 0; round < 100; ++round) {
    const ChildResult result = run(embedded_child(code, 5));
    ASSERT_EQ(result.exit_code, 5) << "round " << round << ": " << result.err;
    ASSERT_TRUE(result.out == expected) << "round " << round << ": " << result.out.size() << " bytes";
    ASSERT_NE(result.err.find("ZeroDivisionError"), std::string::npos) << result.err;
  }
}

TEST(Leave, ReportsOutputThatCannotBeWritten) {
  Child child = embedded_child("import sys; sys.stdout.write('lost')");
  child.out_path = "/dev/full";
  EXPECT_EQ(run(child).exit_code, 120);
  child.arguments.back() = "3";
  EXPECT_EQ(run(child).exit_code, 3) << "an error of the command itself comes first";
}

TEST(Leave, WorksWithClosedStreams) {
  Child child = embedded_child("import sys; result = sys.stdout is None");
  child.out_path = "-";
  EXPECT_EQ(run(child).exit_code, 0);
  const ChildResult result = run(embedded_child("import sys; sys.stdout.close(); sys.stderr = None"));
  EXPECT_EQ(result.exit_code, 0);
}

TEST(Leave, DiesByTheSignalWhilePythonRuns) {
  const ChildResult result = run(embedded_child("import os, signal; os.kill(os.getpid(), signal.SIGINT)"));
  EXPECT_EQ(result.exit_code, 128 + SIGINT);
  EXPECT_EQ(result.out + result.err, "");
}

}  // namespace
}  // namespace ktx::test
