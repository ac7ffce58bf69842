#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>

#include "expect_error.hpp"
#include "fake_command_runner.hpp"
#include "ktx/install/install.hpp"
#include "ktx/install/uv.hpp"
#include "ktx/util/filesystem.hpp"
#include "runtime_fixture.hpp"

namespace ktx::runtime {
namespace {

constexpr const char* contracts_sentence =
    "uv is required to install the KTX Python runtime. Install uv and retry: ktx runtime install --yes";

bool has(const Command& command, const std::string& word) {
  return std::find(command.argv.begin(), command.argv.end(), word) != command.argv.end();
}

std::string after(const Command& command, const std::string& word) {
  const auto found = std::find(command.argv.begin(), command.argv.end(), word);
  return command.argv.end() - found > 1 ? *(found + 1) : std::string();
}

/// A machine without uv, with one Python that ktx cannot load: an install ends for want of a Python, after uv
/// has been fetched or not.
class UvFetchTest : public testing::Test {
 protected:
  UvFetchTest() {
    fixture_.pin_uv("uv==0.13.8 --hash=sha256:" + hex(sha256(wheel_)) + "\n");
    executable("python3");
    fixture_.environment.variables["PATH"] = (fixture_.directory / "bin").string();
  }

  std::filesystem::path executable(const std::string& name) const {
    const auto path = fixture_.directory / ("bin/" + name);
    test::write_file(path, "");
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path;
  }

  Error install_error(const InstallRequest& request = {.features = {}, .python = {}}) {
    const InstallServices services{.environment = fixture_.environment,
                                   .runner = runner_,
                                   .loads = [](const auto&) { return std::nullopt; },
                                   .verify = {},
                                   .progress = {},
                                   .notice = {}};
    Error error = test::error_of([&] { install(fixture_.layout, request, services); });
    EXPECT_TRUE(left_in_staging().empty());
    return error;
  }

  std::vector<std::filesystem::path> left_in_staging() const {
    std::vector<std::filesystem::path> left;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(fixture_.layout.own_dir, none)) {
      if (entry.path().filename().string().starts_with("staging-")) left.push_back(entry.path());
    }
    return left;
  }

  CommandResult answer(const Command& command) {
    const std::string script = after(command, "-c");
    if (has(command, "--version")) {
      return test::exited(0, read_file(command.argv[0]).starts_with("new") ? "uv 0.13.8\n" : "rubbish\n");
    }
    if (has(command, "download")) return download(command);
    if (script.find("WHEEL_PKG_DIR") != std::string::npos) return test::exited(0, pip_answer_);
    if (script.find("data/scripts") != std::string::npos) return unpack(command);
    return test::exited(1, "", "no answer");
  }

  CommandResult download(const Command& command) const {
    if (download_.succeeded()) {
      EXPECT_EQ(read_file(after(command, "-r")),
                read_file(fixture_.layout.asset_dir / "requirements-uv.txt"));
      test::write_file(std::filesystem::path(after(command, "--dest")) / "uv-0.13.8-py3-none-any.whl",
                       wheel_);
    }
    return download_;
  }

  static CommandResult unpack(const Command& command) {
    test::write_file(command.argv.back(), "new");
    return test::exited(0);
  }

  std::vector<Command> downloads() const {
    std::vector<Command> found;
    for (const Command& command : runner_.commands) {
      if (has(command, "download")) found.push_back(command);
    }
    return found;
  }

  test::RuntimeFixture fixture_;
  std::string wheel_ = "the wheel";
  std::string pip_answer_ = R"({"usable": true, "pip": "24.2", "wheel": ""})";
  CommandResult download_ = test::exited(0);
  test::FakeCommandRunner runner_{[this](const Command& command) { return answer(command); }};
};

TEST_F(UvFetchTest, PutsThePinnedUvAmongTheTools) {
  EXPECT_EQ(install_error().kind(), ErrorKind::interpreter) << "the step after uv";
  const auto uv = own_uv_path(fixture_.layout);
  EXPECT_EQ(read_file(uv), "new");
  struct stat status {};
  ASSERT_EQ(::stat(uv.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0755U);
  ASSERT_EQ(downloads().size(), 1U);
  const Command pip = downloads().front();
  for (const char* word : {"--require-hashes", "--no-deps", "--no-input"})
    EXPECT_TRUE(has(pip, word)) << word;
  EXPECT_EQ(after(pip, "--only-binary"), ":all:");
  EXPECT_FALSE(has(pip, "--no-index"));
  EXPECT_GT(pip.time_limit.count(), 0);
  install_error();
  EXPECT_EQ(downloads().size(), 1U) << "the second install has it";
}

TEST_F(UvFetchTest, RunsThePipOfEnsurepipWhereNoneIsInstalled) {
  pip_answer_ = R"({"usable": true, "pip": "23.0.1", "wheel": "/usr/share/pip-23.0.1-py3-none-any.whl"})";
  install_error();
  ASSERT_EQ(downloads().size(), 1U);
  EXPECT_TRUE(has(downloads()[0], "/usr/share/pip-23.0.1-py3-none-any.whl"));
}

TEST_F(UvFetchTest, WithoutPipSaysWhyAndHow) {
  for (const char* answer : {R"({"usable": true, "pip": "", "wheel": ""})",
                             R"({"usable": false, "pip": "", "wheel": ""})", "no JSON"}) {
    pip_answer_ = answer;
    const Error error = install_error();
    EXPECT_EQ(error.kind(), ErrorKind::uv);
    EXPECT_EQ(error.message(), contracts_sentence);
    EXPECT_EQ(error.details(),
              (std::vector<std::string>{
                  "ktx could not fetch uv by itself: no Python on this machine (3.8 or later) "
                  "has pip or ensurepip"}));
    EXPECT_NE(error.fix().find("Install uv"), std::string::npos);
  }
  EXPECT_TRUE(downloads().empty());
}

TEST_F(UvFetchTest, OfDebianItNamesThePackagesThatBringPip) {
  pip_answer_ = R"({"usable": true, "pip": "", "wheel": ""})";
  executable("apt-get");
  EXPECT_EQ(install_error().fix(),
            "Install a Python with pip and its shared library, as root: `apt-get install python3-venv "
            "libpython3-dev` (Debian 12, Ubuntu 24.04 or later), then run: ktx runtime install --yes");
}

TEST_F(UvFetchTest, AnIndexThatCannotBeReachedIsNamed) {
  download_ = test::exited(1, "",
                           "WARNING: Retrying after connection broken by 'x: [Errno 111] Connection "
                           "refused')'\nERROR: No matching distribution found for uv==0.13.8\n");
  const Error unreached = install_error();
  EXPECT_EQ(unreached.message(), contracts_sentence);
  EXPECT_EQ(
      unreached.details(),
      (std::vector<std::string>{"ktx could not fetch uv by itself: The package index could not be reached; "
                                "pip: No matching distribution found for uv==0.13.8"}));
  EXPECT_FALSE(path_exists(own_uv_path(fixture_.layout)));
  // pip does not tell why when it is told not to try again.
  download_ = test::exited(1, "",
                           "ERROR: Could not find a version that satisfies the requirement uv==0.13.8 (from "
                           "versions: none)\nERROR: No matching distribution found for uv==0.13.8\n");
  EXPECT_TRUE(install_error().details().at(0).ends_with(
      "pip: No matching distribution found for uv==0.13.8 (the package index did not answer, or has none for "
      "this Python)"));
}

TEST_F(UvFetchTest, OtherBytesAreNamedAndNothingOfThemIsKept) {
  download_ = test::exited(1, "",
                           "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.\n"
                           "        Expected sha256 aa\n             Got        bb\n\n");
  EXPECT_NE(install_error().details().at(0).find("SHA-256 is not one of those that ktx pins (it is bb)"),
            std::string::npos);
  // And when pip has not noticed.
  download_ = test::exited(0);
  wheel_ = "another wheel";
  EXPECT_NE(install_error().details().at(0).find("has the SHA-256 " + hex(sha256(wheel_)) +
                                                 ", which is not one of those that ktx pins"),
            std::string::npos);
  EXPECT_FALSE(path_exists(own_uv_path(fixture_.layout)));
}

TEST_F(UvFetchTest, OfflineNothingIsFetchedButFromFolders) {
  EXPECT_EQ(install_error({.features = {}, .offline = true, .python = {}}).message(), contracts_sentence);
  EXPECT_TRUE(runner_.commands.empty());
  EXPECT_FALSE(path_exists(fixture_.layout.runtime_root)) << "nothing was made for it";
  install_error({.features = {}, .offline = true, .python = {}, .find_links = {"/a b", "/c"}});
  ASSERT_EQ(downloads().size(), 1U);
  EXPECT_TRUE(has(downloads()[0], "--no-index"));
  EXPECT_TRUE(has(downloads()[0], "/a b"));
  EXPECT_TRUE(has(downloads()[0], "/c"));
}

TEST_F(UvFetchTest, ADamagedCopyIsFetchedAgain) {
  const auto uv = own_uv_path(fixture_.layout);
  test::write_file(uv, "old");
  std::filesystem::permissions(uv, std::filesystem::perms::owner_all);
  EXPECT_EQ(install_error({.features = {}, .offline = true, .python = {}}).message(),
            "This is not uv: " + uv.string() + " answers \"rubbish\"");
  EXPECT_EQ(install_error().kind(), ErrorKind::interpreter);
  EXPECT_EQ(read_file(uv), "new");
}

TEST_F(UvFetchTest, AUvOfTheUsersIsNeverReplaced) {
  const auto theirs = executable("uv");
  EXPECT_EQ(install_error().message(), "This is not uv: " + theirs.string() + " answers \"rubbish\"");
  EXPECT_TRUE(downloads().empty());
}

}  // namespace
}  // namespace ktx::runtime
