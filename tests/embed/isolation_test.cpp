// That nothing of the user's surroundings reaches the interpreter, and nothing of it reaches children.
#include <gtest/gtest.h>

#include "embedding.hpp"

namespace ktx::test {
namespace {

/// Text whose bytes would differ with another json module, hash seed, locale, path or working directory.
constexpr const char* sensitive_code =
    "import json, sys, os, locale\n"
    "print('café', file=sys.stderr)\n"
    "result = [json.dumps({'k': 'é'}, ensure_ascii=False), json.__file__, sys.path, sys.prefix,\n"
    "          locale.getpreferredencoding(False), os.fsencode('é').hex(), sys.stdout.encoding]\n";

TEST(Isolation, AHostileEnvironmentChangesNoByte) {
  const TemporaryDirectory hostile;
  for (const char* name : {"json.py", "encodings.py", "ktx_daemon.py", "sitecustomize.py", "startup.py"}) {
    write_file(hostile.path() / name, "raise SystemExit('hijacked')\n");
  }
  const ChildResult expected = run(embedded_child(sensitive_code));
  Child child = embedded_child(sensitive_code);
  child.directory = hostile.path();
  const std::string folder = hostile.path();
  child.environment = {{"PYTHONHOME", "/nowhere"},
                       {"PYTHONPATH", folder},
                       {"PYTHONSTARTUP", folder + "/startup.py"},
                       {"PYTHONMALLOC", "debug"},
                       {"PYTHONUTF8", "0"},
                       {"PYTHONIOENCODING", "latin-1"},
                       {"PYTHONPLATLIBDIR", "nolib"},
                       {"PYTHONDONTWRITEBYTECODE", ""},
                       {"PYTHONINSPECT", "1"},
                       {"PYTHONVERBOSE", "2"},
                       {"PYTHONWARNINGS", "error"},
                       {"PYTHON_GIL", "0"},
                       {"PYTHON_JIT", "1"},
                       {"PYTHON_COLORS", "1"},
                       {"PYTHON_FROZEN_MODULES", "off"},
                       {"LC_ALL", "C"},
                       {"VIRTUAL_ENV", folder},
                       {"__PYVENV_LAUNCHER__", folder + "/python"}};
  const ChildResult actual = run(child);
  EXPECT_EQ(expected.exit_code, 0);
  EXPECT_EQ(expected.err, "café\n");
  EXPECT_EQ(actual.out, expected.out);
  EXPECT_EQ(actual.err, expected.err);
  EXPECT_EQ(actual.exit_code, 0);
}

TEST(Isolation, AnUnknownLocaleChangesNoByte) {
  Child child = embedded_child(sensitive_code);
  child.environment = {{"LC_ALL", "xx_YY.nothing"}, {"LANG", "xx_YY"}};
  EXPECT_EQ(run(child).out, run(embedded_child(sensitive_code)).out);
}

class InterpreterOfKtx : public Embedding {};

TEST_F(InterpreterOfKtx, HasALock) {
  EXPECT_EQ(run_python("import sys\nresult = getattr(sys, '_is_gil_enabled', lambda: True)()\n"), Json(true));
}

/// CPython 3.14 lets a process of the same user run code in another (sys.remote_exec).
TEST_F(InterpreterOfKtx, TakesNoCodeFromOtherProcesses) {
  EXPECT_EQ(run_python("import sys\nresult = getattr(sys, 'is_remote_debug_enabled', lambda: False)()\n"),
            Json(false));
}

class ChildrenOfPython : public Embedding {};

TEST_F(ChildrenOfPython, SeeTheEnvironmentOfTheHost) {
  EXPECT_EQ(
      run_python("import os, subprocess\n"
                 "before = {n for n in os.environ if n.startswith('PYTHON')}\n"
                 "shown = subprocess.run(['/usr/bin/env', '-0'], capture_output=True).stdout.split(b'\\0')\n"
                 "after = {n.split(b'=')[0].decode() for n in shown if n.startswith(b'PYTHON')}\n"
                 "result = [sorted(after - before), b'__PYVENV_LAUNCHER__' in b''.join(shown)]\n"),
      Json::parse("[[], false]"));
  EXPECT_EQ(run_python("result = sorted(n for n in __import__('os').environ if n.startswith('PYTHONHOME'))"),
            Json::array());
}

TEST_F(ChildrenOfPython, MayBeTheEnvironmentsOwnPython) {
  const Json reply = run_python(
      "import subprocess, sys\n"
      "code = 'import encodings, sys; print(sys.prefix)'\n"
      "done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True)\n"
      "result = [done.returncode, done.stdout.strip(), done.stderr]\n");
  EXPECT_EQ(reply, Json::array({0, description().at("prefix"), ""}));
}

TEST_F(ChildrenOfPython, MayBeAnotherPython) {
  const Json reply = run_python(
      "import subprocess, sys\n"
      "done = subprocess.run([sys._base_executable, '-c', 'import encodings, sys; print(sys.prefix)'],\n"
      "                      capture_output=True, text=True)\n"
      "result = [done.returncode, done.stdout.strip(), done.stderr]\n");
  EXPECT_EQ(reply, Json::array({0, description().at("basePrefix"), ""}));
}

TEST_F(ChildrenOfPython, MayBeSpawnedByMultiprocessing) {
  for (const char* method : {"spawn", "forkserver"}) {
    EXPECT_EQ(run_python(std::string("import multiprocessing\n"
                                     "with multiprocessing.get_context('") +
                         method +
                         "').Pool(1) as pool:\n"
                         "    result = pool.map(abs, [-1, 2, -3])\n"),
              Json::parse("[1, 2, 3]"))
        << method;
  }
}

}  // namespace
}  // namespace ktx::test
