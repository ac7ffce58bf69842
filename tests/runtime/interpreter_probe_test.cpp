#include <gtest/gtest.h>

#include "fake_command_runner.hpp"
#include "ktx/runtime/interpreter.hpp"
#include "python_facts.hpp"
#include "runtime_fixture.hpp"

namespace ktx::runtime {
namespace {

class InterpreterProbeTest : public testing::Test {
 protected:
  InterpreterProbeTest() { test::write_file(prefix_ + "/lib/libpython3.13.so.1.0", "library"); }

  ProbedPython probe(const CommandResult& result) {
    test::FakeCommandRunner runner([&](const Command&) { return result; });
    return probe_python(runner, prefix_ + "/bin/python3", {});
  }

  /// Why a Python is rejected that answers as a sound one does but for one member.
  std::string rejection_with(const char* key, const Json& value) {
    Json answer = test::python_answer(prefix_);
    answer[key] = value;
    const ProbedPython probed = probe(test::exited(0, answer.dump()));
    if (!probed.facts) return probed.rejection;
    return judge_python(*probed.facts, fixture_.layout.plugin_dir, loads_).rejection;
  }

  test::RuntimeFixture fixture_;
  std::string prefix_ = (fixture_.directory / "py").string();
  LibraryCheck loads_ = [](const auto&) { return std::nullopt; };
};

TEST_F(InterpreterProbeTest, AcceptsASoundPython) {
  const ProbedPython probed = probe(test::exited(0, test::python_answer(prefix_).dump()));
  ASSERT_TRUE(probed.facts) << probed.rejection;
  EXPECT_EQ(probed.facts->tag(), "cp313");
  EXPECT_EQ(judge_python(*probed.facts, fixture_.layout.plugin_dir, loads_).libpython,
            prefix_ + "/lib/libpython3.13.so.1.0");
}

TEST_F(InterpreterProbeTest, AsksInIsolationAndWithALimit) {
  test::FakeCommandRunner runner([](const Command&) { return test::exited(1); });
  probe_python(runner, "/py", {}, "/env");
  const Command& command = runner.commands.at(0);
  EXPECT_EQ((std::vector<std::string>(command.argv.begin(), command.argv.begin() + 4)),
            (std::vector<std::string>{"/py", "-I", "-S", "-c"}));
  EXPECT_EQ(command.argv.back(), "/env");
  EXPECT_GT(command.time_limit.count(), 0);
}

TEST_F(InterpreterProbeTest, RejectsWhatKtxCannotRun) {
  EXPECT_EQ(rejection_with("implementation", "pypy"), "it is pypy, not CPython");
  EXPECT_EQ(rejection_with("numbers", {3, 10, 4}), "this ktx has no plugin for Python 3.10");
  EXPECT_EQ(rejection_with("freeThreaded", true), "it is a free-threaded build");
  EXPECT_EQ(rejection_with("debug", true), "it is a debug build");
  EXPECT_EQ(rejection_with("libraries", Json::array()), "it has no shared library");
  EXPECT_EQ(rejection_with("libraries", {"/nonexistent/libpython3.13.so"}), "it has no shared library");
}

TEST_F(InterpreterProbeTest, RejectsALibraryThatDoesNotLoad) {
  loads_ = [](const auto&) { return std::optional<std::string>("file too short"); };
  EXPECT_EQ(rejection_with("debug", false), "its shared library does not load: file too short");
}

TEST_F(InterpreterProbeTest, TakesTheFirstLibraryThatLoads) {
  test::write_file(prefix_ + "/other/libpython3.13.so", "library");
  loads_ = [&](const std::filesystem::path& path) {
    return path.parent_path().filename() == "lib" ? std::optional<std::string>("wrong ELF class")
                                                  : std::nullopt;
  };
  Json answer = test::python_answer(prefix_);
  answer["libraries"] = {prefix_ + "/lib/libpython3.13.so.1.0", prefix_ + "/other/libpython3.13.so"};
  const ProbedPython probed = probe(test::exited(0, answer.dump()));
  EXPECT_EQ(judge_python(*probed.facts, fixture_.layout.plugin_dir, loads_).libpython,
            prefix_ + "/other/libpython3.13.so");
}

TEST_F(InterpreterProbeTest, RejectsAnAnswerThatIsNotOne) {
  EXPECT_EQ(rejection_with("numbers", {3, 13}), "its answer: numbers must hold three numbers");
  EXPECT_EQ(rejection_with("numbers", {4294967299, 13, 0}), "its answer: numbers must hold version numbers");
  EXPECT_EQ(rejection_with("version", 3), "its answer: version must be a string");
  EXPECT_NE(probe(test::exited(0, "Python 3.13.0\n")).rejection.find("its answer is not valid JSON"),
            std::string::npos);
  EXPECT_EQ(probe(test::exited(2)).rejection, "it does not answer: exit code 2");
  CommandResult crash;
  crash.end = CommandResult::End::signalled;
  crash.code = 11;
  EXPECT_EQ(probe(crash).rejection, "it does not answer: killed by SIGSEGV");
}

}  // namespace
}  // namespace ktx::runtime
