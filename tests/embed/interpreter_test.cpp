// That the started interpreter is the described one, configured as documented.
#include <gtest/gtest.h>

#include <csignal>

#include "embedding.hpp"
#include "ktx/plugin/plugin.hpp"

namespace ktx::test {
namespace {

class InterpreterTest : public Embedding {};

TEST_F(InterpreterTest, IsTheDescribedOne) {
  const Json sys = run_python(
      "import sys\n"
      "result = {'version': sys.version.split()[0], 'prefix': sys.prefix, 'basePrefix': sys.base_prefix,\n"
      "          'execPrefix': sys.exec_prefix, 'executable': sys.executable, 'baseExecutable': "
      "sys._base_executable, 'path': sys.path}\n");
  const Json expected = description();
  for (const char* key : {"version", "prefix", "basePrefix", "executable", "baseExecutable"}) {
    EXPECT_EQ(sys.at(key), expected.at(key)) << key;
  }
  EXPECT_EQ(sys.at("execPrefix"), expected.at("prefix"));
  EXPECT_EQ(sys.at("path"), expected.at("searchPaths"));
}

TEST_F(InterpreterTest, HasTheIsolatedFlags) {
  const Json flags = run_python(
      "import sys\n"
      "names = ['isolated', 'ignore_environment', 'no_user_site', 'no_site', 'safe_path',\n"
      "         'dont_write_bytecode', 'utf8_mode', 'dev_mode', 'interactive', 'optimize']\n"
      "result = {name: int(getattr(sys.flags, name)) for name in names}\n");
  EXPECT_EQ(flags, Json::parse(R"({"isolated": 1, "ignore_environment": 1, "no_user_site": 1, "no_site": 1,
      "safe_path": 1, "dont_write_bytecode": 1, "utf8_mode": 1, "dev_mode": 0, "interactive": 0,
      "optimize": 0})"));
}

TEST_F(InterpreterTest, TrustsHashBasedBytecodeUnchecked) {
  EXPECT_EQ(run_python("import _imp; result = _imp.check_hash_based_pycs"), "never");
}

TEST_F(InterpreterTest, SpeaksUtf8AndPassesOtherBytesThrough) {
  EXPECT_EQ(run_python("import sys; result = [sys.stdout.encoding, sys.stdout.errors, "
                       "sys.getfilesystemencoding()]"),
            Json::parse(R"(["utf-8", "surrogateescape", "utf-8"])"));
  EXPECT_EQ(call("echo", R"("é\u0000\ud83d\ude00")"), Json::parse(R"({"ok": "é\u0000\ud83d\ude00"})"));
}

TEST_F(InterpreterTest, LeavesSignalsToTheHost) {
  std::signal(SIGINT, SIG_DFL);
  EXPECT_EQ(run_python("import signal; result = [signal.getsignal(s) is signal.SIG_DFL "
                       "for s in (signal.SIGINT, signal.SIGTERM)]"),
            Json::parse("[true, true]"));
}

std::sig_atomic_t volatile interrupts = 0;

TEST_F(InterpreterTest, LeavesTheHostsHandlerForSigintAlone) {
  std::signal(SIGINT, [](int) { interrupts = interrupts + 1; });
  EXPECT_EQ(run_python("import os, signal; os.kill(os.getpid(), signal.SIGINT); result = 'goes on'"),
            "goes on");
  EXPECT_EQ(interrupts, 1);
}

TEST_F(InterpreterTest, CollectsGarbageAgainAfterTheImport) {
  const Json collector = run_python("import gc; result = [gc.isenabled(), gc.get_freeze_count() > 1000]");
  EXPECT_EQ(collector, Json::parse("[true, true]"));
}

TEST_F(InterpreterTest, FindsTheStandardLibraryOfTheBase) {
  const std::string library = description().at("searchPaths").at(0);
  EXPECT_EQ(run_python("import sys, os, codecs; result = [sys._stdlib_dir, os.__file__, codecs.__file__]"),
            Json::array({library, library + "/os.py", library + "/codecs.py"}));
}

TEST_F(InterpreterTest, PassesLargeRequestsWhole) {
  const std::string text(8 << 20, 'x');
  EXPECT_EQ(call("echo", '"' + text + '"').at("ok").get<std::string>(), text);
}

TEST_F(InterpreterTest, StartsOncePerProcess) {
  run_python("result = 1");
  plugin::InProcessTransport second(described_interpreter(), KTX_TEST_PLUGIN_DIR);
  EXPECT_EQ(error_of([&] { second.call("echo", "1"); }),
            "internal: This process already runs an interpreter");
}

TEST_F(InterpreterTest, IsNotCalledAfterItsEnd) {
  run_python("result = 1");
  EXPECT_EQ(transport_.finish(3), 3);
  EXPECT_EQ(error_of([&] { call("echo", "1"); }), "internal: The interpreter was called after its end");
}

TEST_F(InterpreterTest, IsLoadedByTheFirstCall) {
  EXPECT_EQ(plugin::Plugin::running(), nullptr);
  EXPECT_EQ(transport_.finish(4), 4);
  call("echo", "1");
  EXPECT_NE(plugin::Plugin::running(), nullptr);
}

/// CPython up to 3.12 takes its standard library from where this file leads; later ones do as described.
TEST(InterpreterStart, SurvivesADamagedPyvenvCfg) {
  const TemporaryDirectory environment;
  std::filesystem::create_directory(environment.path() / "bin");
  runtime::Interpreter interpreter = described_interpreter();
  std::filesystem::create_symlink(interpreter.base_executable, environment.path() / "bin/python");
  write_file(environment.path() / "pyvenv.cfg", "home = /nowhere\r\n\xff");
  interpreter.prefix = environment.path();
  interpreter.executable = environment.path() / "bin/python";
  const std::string error = error_of([&] { plugin::Plugin::start(interpreter, KTX_TEST_PLUGIN_DIR); });
  const bool misled = interpreter.tag == "cp311" || interpreter.tag == "cp312";
  EXPECT_EQ(error, misled ? "interpreter: CPython did not start as configured: its standard library is not "
                            "where " +
                                (environment.path() / "pyvenv.cfg").string() + " says"
                          : "no error");
}

TEST(InterpreterStart, RefusesAMissingStandardLibrary) {
  runtime::Interpreter interpreter = described_interpreter();
  interpreter.search_paths.front() = "/nowhere/python3";
  const std::string error = error_of([&] { plugin::Plugin::start(interpreter, KTX_TEST_PLUGIN_DIR); });
  EXPECT_EQ(error, "interpreter: The standard library of CPython " + interpreter.version +
                       " is gone from /nowhere/python3");
}

}  // namespace
}  // namespace ktx::test
