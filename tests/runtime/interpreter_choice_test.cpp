#include <gtest/gtest.h>

#include "fake_command_runner.hpp"
#include "ktx/runtime/python_discovery.hpp"
#include "python_facts.hpp"
#include "runtime_fixture.hpp"

namespace ktx::runtime {
namespace {

class InterpreterChoiceTest : public testing::Test {
 protected:
  InterpreterChoiceTest() { fixture_.environment.variables["PATH"] = (fixture_.directory / "bin").string(); }

  /// A Python on PATH that answers with that version.
  void python(const std::string& name, int minor, int micro, bool with_library = true) {
    const auto path = fixture_.directory / ("bin/" + name);
    test::write_file(path, "");
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    Json answer = test::python_answer((fixture_.directory / name).string());
    answer["version"] = "3." + std::to_string(minor) + "." + std::to_string(micro);
    answer["numbers"] = {3, minor, micro};
    answer["executable"] = path.string();
    answer["baseExecutable"] = path.string();
    if (with_library) test::write_file(fixture_.directory / (name + "/lib/libpython3.13.so.1.0"), "library");
    answers_[path.string()] = answer.dump();
  }

  /// A PATH that has a program of that name alone.
  std::string program(const std::string& name) const {
    const auto folder = fixture_.directory / ("only " + name);
    test::write_file(folder / name, "");
    std::filesystem::permissions(folder / name, std::filesystem::perms::owner_all);
    return folder.string();
  }

  InterpreterSearch search(const std::optional<std::string>& requested = {}) {
    return search_interpreters({fixture_.environment, fixture_.layout, runner_, loads_}, requested);
  }

  std::string best(const std::optional<std::string>& requested = {}) {
    const InterpreterSearch found = search(requested);
    return found.best ? found.best->facts.version
                      : no_interpreter(fixture_.environment, fixture_.layout, found, requested).message();
  }

  test::RuntimeFixture fixture_;
  std::map<std::string, std::string> answers_;
  test::FakeCommandRunner runner_{[&](const Command& command) {
    const auto answer = answers_.find(command.argv[0]);
    return answer == answers_.end() ? test::exited(1) : test::exited(0, answer->second);
  }};
  LibraryCheck loads_ = [](const auto&) { return std::nullopt; };
};

/// This machine's own system Pythons are discovered too, and answer with exit code 1 here.
TEST_F(InterpreterChoiceTest, TakesTheNewestFitOne) {
  python("python3.11", 11, 9);
  python("python3.12", 12, 1);
  python("python3", 12, 10);
  python("python3.14", 14, 0);
  python("python3.13", 13, 0, false);
  EXPECT_EQ(best(), "3.12.10") << "3.14 has no plugin, 3.13 no library, and 10 is more than 9";
}

TEST_F(InterpreterChoiceTest, TakesTheVersionAskedFor) {
  python("python3.11", 11, 9);
  python("python3.12", 12, 1);
  EXPECT_EQ(best("3.11"), "3.11.9");
  EXPECT_EQ(best("3.11.9"), "3.11.9");
  EXPECT_EQ(best("3"), "3.12.1");
  EXPECT_NE(best("3.1"), "3.11.9");
}

TEST_F(InterpreterChoiceTest, TakesThePathOrNameAskedFor) {
  python("python3.11", 11, 9);
  python("python3.12", 12, 1);
  EXPECT_EQ(best((fixture_.directory / "bin/python3.11").string()), "3.11.9");
  EXPECT_EQ(best("bin/python3.11"), "3.11.9") << "relative to the working directory";
  EXPECT_EQ(best("python3.11"), "3.11.9");
}

TEST_F(InterpreterChoiceTest, LeavesAVirtualEnvironmentForItsBase) {
  python("python3.12", 12, 1);
  python("python", 12, 1);
  Json answer = Json::parse(answers_[(fixture_.directory / "bin/python").string()]);
  answer["baseExecutable"] = (fixture_.directory / "bin/python3.12").string();
  answers_[(fixture_.directory / "bin/python").string()] = answer.dump();
  const InterpreterSearch found = search((fixture_.directory / "bin/python").string());
  ASSERT_TRUE(found.best);
  EXPECT_EQ(found.best->facts.executable, fixture_.directory / "bin/python3.12");
}

TEST_F(InterpreterChoiceTest, SaysWhyEachWasRejected) {
  python("python3.10", 10, 2);
  const std::string path = (fixture_.directory / "bin/python3.10").string();
  const Error error = no_interpreter(fixture_.environment, fixture_.layout, search(path), path);
  EXPECT_EQ(error.kind(), ErrorKind::interpreter);
  EXPECT_EQ(error.message(), "No Python that ktx can run was found for \"" + path + "\"");
  EXPECT_EQ(error.details(),
            (std::vector<std::string>{path + " (3.10.2): this ktx has no plugin for Python 3.10"}));
}

/// No search looks for these, but whoever names one is told why it is refused.
TEST_F(InterpreterChoiceTest, SaysWhyAFreeThreadedOneWasRejected) {
  for (const auto& [name, minor] : {std::pair{"python3.12t", 12}, std::pair{"python3.13t", 13}}) {
    python(name, minor, 1);
    const std::string path = (fixture_.directory / "bin" / name).string();
    Json answer = Json::parse(answers_[path]);
    answer["freeThreaded"] = true;
    answers_[path] = answer.dump();
    const std::string version = "3." + std::to_string(minor) + ".1";
    EXPECT_EQ(no_interpreter(fixture_.environment, fixture_.layout, search(name), name).details(),
              (std::vector<std::string>{path + " (" + version + "): it is a free-threaded build"}));
  }
}

TEST_F(InterpreterChoiceTest, SaysSoWhenNothingWasFound) {
  fixture_.environment.variables["PATH"] = program("uv");
  const Error error = no_interpreter(fixture_.environment, fixture_.layout, {}, {});
  EXPECT_EQ(error.message(), "No Python that ktx can run was found");
  EXPECT_EQ(
      error.fix(),
      "Install a CPython with a shared library, for example with `uv python install 3.13`, then run: ktx "
      "runtime install --yes")
      << "the newest that there is a plugin for";
}

TEST_F(InterpreterChoiceTest, AdvisesNothingThatIsNotOnTheMachine) {
  fixture_.environment.variables["PATH"] = (fixture_.directory / "empty").string();
  EXPECT_EQ(
      no_interpreter(fixture_.environment, fixture_.layout, {}, {}).fix(),
      "Install a CPython with a shared library, the newest that this ktx can load is 3.13, then run: ktx "
      "runtime install --yes");
}

TEST_F(InterpreterChoiceTest, OfDebianItNamesThePackage) {
  fixture_.environment.variables["PATH"] = program("apt-get");
  InterpreterSearch found;
  EXPECT_EQ(no_interpreter(fixture_.environment, fixture_.layout, found, {}).fix(),
            "Install a CPython with a shared library, as root: `apt-get install python3-venv libpython3-dev` "
            "(Debian 12, Ubuntu 24.04 or later), then run: ktx runtime install --yes");
  found.rejected.push_back({"/usr/bin/python3", "3.11.2", no_shared_library});
  EXPECT_EQ(no_interpreter(fixture_.environment, fixture_.layout, found, {}).fix(),
            "Install that of Python 3.11, as root: `apt-get install libpython3.11`, then run: ktx runtime "
            "install --yes");
}

TEST_F(InterpreterChoiceTest, AnOptionComesBeforeTheVariable) {
  fixture_.environment.variables["KTX_PYTHON"] = "3.11";
  EXPECT_EQ(requested_interpreter(fixture_.environment, "3.12"), "3.12");
  EXPECT_EQ(requested_interpreter(fixture_.environment, {}), "3.11");
  fixture_.environment.variables["KTX_PYTHON"] = "";
  EXPECT_EQ(requested_interpreter(fixture_.environment, {}), std::nullopt);
}

}  // namespace
}  // namespace ktx::runtime
