// That whatever Python raises comes back as a tagged error and never ends the process or is printed.
#include <gtest/gtest.h>

#include <ostream>

#include "embedding.hpp"

namespace ktx::test {
namespace {

struct RaisedError {
  const char* name;
  const char* code;
  const char* kind;
  const char* message;
  const char* exception;
};

void PrintTo(const RaisedError& error, std::ostream* out) { *out << error.name; }

class PythonError : public Embedding, public testing::WithParamInterface<RaisedError> {};

TEST_P(PythonError, IsATaggedReply) {
  testing::internal::CaptureStderr();
  const Json error = call("run", GetParam().code).at("error");
  EXPECT_EQ(error.at("kind"), GetParam().kind);
  EXPECT_EQ(error.at("message"), GetParam().message);
  EXPECT_EQ(error.at("details").at("exception"), GetParam().exception);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(run_python("result = 7"), 7) << "the interpreter must go on";
}

INSTANTIATE_TEST_SUITE_P(
    All, PythonError,
    testing::Values(
        RaisedError{"Plain", "raise ValueError('bad')", "internal", "ValueError: bad", "ValueError"},
        RaisedError{"WithoutText", "raise ValueError", "internal", "ValueError", "ValueError"},
        RaisedError{"OfAModule", "import json; json.loads('{')", "internal",
                    "json.decoder.JSONDecodeError: Expecting property name enclosed in double quotes: line 1 "
                    "column 2 (char 1)",
                    "json.decoder.JSONDecodeError"},
        RaisedError{"SyntaxError", "x = = 1", "internal", "SyntaxError: invalid syntax (<request>, line 1)",
                    "SyntaxError"},
        RaisedError{"ExitWithZero", "raise SystemExit(0)", "internal",
                    "Python code tried to end the process with status 0", "SystemExit"},
        RaisedError{"ExitWithStatus", "raise SystemExit(3)", "internal",
                    "Python code tried to end the process with status 3", "SystemExit"},
        RaisedError{"ExitWithNothing", "raise SystemExit", "internal",
                    "Python code tried to end the process with status 0", "SystemExit"},
        RaisedError{"ExitWithText", "raise SystemExit('x')", "internal",
                    "Python code tried to end the process with status 1: x", "SystemExit"},
        RaisedError{"Interrupt", "raise KeyboardInterrupt", "interrupted", "Interrupted",
                    "KeyboardInterrupt"},
        RaisedError{"Recursion", "def f(): f()\nf()", "internal",
                    "RecursionError: maximum recursion depth exceeded", "RecursionError"},
        RaisedError{"Memory", "raise MemoryError", "internal", "Python ran out of memory", "MemoryError"},
        RaisedError{"HugeAllocation", "[None] * (1 << 62)", "internal", "Python ran out of memory",
                    "MemoryError"},
        RaisedError{"LoneSurrogate", "raise ValueError('a\\udc80b')", "internal", "ValueError: a\\udc80b",
                    "ValueError"},
        RaisedError{"Unprintable", "class E(Exception):\n  def __str__(self): raise OSError\nraise E",
                    "internal", "E: <unprintable E>", "E"},
        RaisedError{"Group", "raise ExceptionGroup('both', [ValueError(1), OSError(2)])", "internal",
                    "ExceptionGroup: both (2 sub-exceptions)", "ExceptionGroup"},
        RaisedError{"StopIteration", "next(iter([]))", "internal", "StopIteration", "StopIteration"}),
    [](const auto& instance) { return instance.param.name; });

class PythonReply : public Embedding {};

TEST_F(PythonReply, OfAnErrorHoldsTheTraceback) {
  const Json error = call("run", "def inner():\n  raise ValueError('bad')\ninner()").at("error");
  const auto traceback = error.at("details").at("traceback").get<std::string>();
  EXPECT_NE(traceback.find("in inner"), std::string::npos) << traceback;
  EXPECT_NE(traceback.find("ValueError: bad"), std::string::npos) << traceback;
}

TEST_F(PythonReply, OfAnExitHoldsItsStatus) {
  EXPECT_EQ(call("run", "raise SystemExit(3)").at("error").at("details").at("exitStatus"), 3);
  EXPECT_EQ(call("run", "raise SystemExit(True)").at("error").at("details").at("exitStatus"), 1);
  EXPECT_EQ(call("run", "raise SystemExit(1 << 99)").at("error").at("details").at("exitStatus"), -1);
}

TEST_F(PythonReply, MustBeBytes) {
  const std::string code =
      "import sys\nsys.modules['ktx_daemon.dispatch'].json.dumps = lambda value: TextReply()\n"
      "class TextReply:\n  def encode(self): return 'text'\n";
  const Json error = call("run", code).at("error");
  EXPECT_EQ(error.at("kind"), "internal");
  EXPECT_EQ(error.at("message"), "ktx_daemon.dispatch returned str instead of bytes");
}

TEST_F(PythonReply, OfAnOperationThatIsNotUtf8IsAnError) {
  EXPECT_EQ(call("\xff", "").at("error").at("details").at("exception"), "UnicodeDecodeError");
}

TEST_F(PythonReply, OfAnUnraisableErrorIsUnharmed) {
  EXPECT_EQ(run_python("class E:\n  def __del__(self): raise ValueError\nE(); result = 1"), 1);
}

/// A package that cannot be imported is a damaged installation, whatever it raises.
class DamagedPackage : public testing::TestWithParam<const char*> {};

TEST_P(DamagedPackage, IsAnInterpreterError) {
  const TemporaryDirectory packages;
  std::filesystem::create_directory(packages.path() / "ktx_daemon");
  write_file(packages.path() / "ktx_daemon" / "__init__.py", GetParam());
  runtime::Interpreter interpreter = described_interpreter();
  interpreter.search_paths.back() = packages.path();
  plugin::InProcessTransport transport(interpreter, KTX_TEST_PLUGIN_DIR);
  const Json error = Json::parse(transport.call("echo", "1")).at("error");
  EXPECT_EQ(error.at("kind"), "interpreter");
  EXPECT_EQ(error.at("message").get<std::string>().rfind("Cannot import ktx_daemon.dispatch: ", 0), 0U)
      << error;
  EXPECT_EQ(error.at("fix"), "Run: ktx runtime repair");
}

INSTANTIATE_TEST_SUITE_P(All, DamagedPackage,
                         testing::Values("", "import nothing_of_this_name", "x = = 1", "1 / 0", "\x01"));

TEST(MissingPackage, IsAnInterpreterError) {
  runtime::Interpreter interpreter = described_interpreter();
  interpreter.search_paths.pop_back();
  plugin::InProcessTransport transport(interpreter, KTX_TEST_PLUGIN_DIR);
  const Json error = Json::parse(transport.call("echo", "1")).at("error");
  EXPECT_EQ(error.at("message"),
            "Cannot import ktx_daemon.dispatch: ModuleNotFoundError: No module named 'ktx_daemon'");
}

}  // namespace
}  // namespace ktx::test
