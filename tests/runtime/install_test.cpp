#include "ktx/install/install.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>

#include "expect_error.hpp"
#include "install_fixture.hpp"
#include "ktx/util/text.hpp"

namespace ktx::runtime {
namespace {

class InstallTest : public testing::Test {
 protected:
  // A locked requirement of a wheel in the fixture's folder.
  std::string locked(const std::string& wheel, const std::string& hash) const {
    return "dependency @ " + file_url((fixture_.directory / wheel).string()) + " --hash=sha256:" + hash +
           "\n";
  }

  // Adds a line to every copy of a package's file in uv's cache, as programs that patch packages do.
  void change_in_cache(const std::string& file) const {
    std::size_t found = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(fixture_.directory / "uv-cache")) {
      if (!entry.path().string().ends_with("/" + file)) continue;
      std::ofstream(entry.path(), std::ios::app) << "changed = True\n";
      ++found;
    }
    ASSERT_GT(found, 0U);
  }

  test::InstallFixture fixture_;
  const Layout& layout_ = fixture_.layout;
};

TEST_F(InstallTest, MakesARuntimeThatWorks) {
  const InstallResult result = fixture_.install(fixture_.core_request());
  EXPECT_TRUE(result.installed);
  EXPECT_EQ(result.receipt.cli_version, "0.2.0");
  EXPECT_EQ(result.receipt.features, Features{Feature::core});
  EXPECT_EQ(result.receipt.python_executable, layout_.python_path);
  EXPECT_EQ(result.receipt.daemon_executable, layout_.daemon_path);
  EXPECT_TRUE(fixture_.works());
  EXPECT_TRUE(fixture_.is_tidy(1));
}

TEST_F(InstallTest, TheReceiptNamesTheEnvironmentItself) {
  const Receipt receipt = fixture_.install(fixture_.core_request()).receipt;
  const auto environment = layout_.environment_dir(receipt.environment);
  EXPECT_EQ(std::filesystem::read_symlink(layout_.venv_dir), receipt.environment) << "a relative link";
  EXPECT_EQ(receipt.interpreter.prefix, layout_.venv_dir);
  EXPECT_EQ(package_directories(receipt.interpreter, environment).size(), 1U);
  for (const auto& path : receipt.interpreter.search_paths) {
    EXPECT_TRUE(std::filesystem::is_directory(path)) << path;
    EXPECT_NE(path.extension(), ".zip");
  }
  EXPECT_EQ(to_json(*load_receipt(layout_).receipt), to_json(receipt));
}

TEST_F(InstallTest, RunsUvSoThatNothingAroundItMatters) {
  fixture_.environment.variables["PYTHONHOME"] = "/nonexistent";
  fixture_.environment.variables["UV_REQUIRE_HASHES"] = "1";
  fixture_.environment.variables["UV_EXCLUDE_NEWER"] = "2001-01-01";
  test::write_file(fixture_.directory / "root/uv.toml", "required-version = \"==0.0.1\"\n");
  fixture_.install(fixture_.core_request());
  EXPECT_TRUE(fixture_.works());
  for (const Command& command : fixture_.runner.commands) {
    EXPECT_FALSE(command.environment.contains("PYTHONHOME")) << command.argv[0];
  }
}

TEST_F(InstallTest, LogsTheCommands) {
  fixture_.install(fixture_.core_request());
  const std::string log = read_file(layout_.install_log_path);
  EXPECT_EQ(log.rfind("$ uv venv --no-config --python " + fixture_.python.string(), 0), 0U) << log;
  for (const char* part : {"--require-hashes --only-binary :all:", "--no-deps --link-mode copy", "--offline",
                           "--compile-bytecode"}) {
    EXPECT_NE(log.find(part), std::string::npos) << part;
  }
}

TEST_F(InstallTest, CompilesEverythingWhateverTheEnvironmentSays) {
  fixture_.environment.variables["PYTHONDONTWRITEBYTECODE"] = "1";
  const Receipt receipt = fixture_.install(fixture_.core_request()).receipt;
  const auto cache = receipt.interpreter.search_paths.back() / "ktx_daemon/__pycache__";
  const auto compiled = fixture_.names(cache, "__main__.");
  ASSERT_EQ(compiled.size(), 1U);
  const std::string bytes = read_file(cache / compiled.front());
  ASSERT_GT(bytes.size(), 8U);
  EXPECT_EQ(bytes.substr(4, 4), std::string("\1\0\0\0", 4)) << "hash-based, unchecked";
}

TEST_F(InstallTest, SharesNoFileWithUvsCache) {
  const Receipt receipt = fixture_.install(fixture_.core_request()).receipt;
  struct stat status {};
  ASSERT_EQ(::stat((receipt.interpreter.search_paths.back() / "ktx_daemon/__main__.py").c_str(), &status), 0);
  EXPECT_EQ(status.st_nlink, 1U);
}

TEST_F(InstallTest, ASecondOneDoesNothingAndRunsNothing) {
  fixture_.install(fixture_.core_request());
  fixture_.runner.commands.clear();
  EXPECT_FALSE(fixture_.install(fixture_.core_request()).installed);
  EXPECT_TRUE(fixture_.runner.commands.empty());
}

TEST_F(InstallTest, ForceAndFeaturesReplaceTheEnvironment) {
  const Receipt first = fixture_.install(fixture_.core_request()).receipt;
  const Receipt second = fixture_.install(fixture_.core_request(true)).receipt;
  EXPECT_NE(first.environment, second.environment);
  const Receipt third =
      fixture_.install({.features = {Feature::local_embeddings}, .offline = true, .python = {}}).receipt;
  EXPECT_EQ(third.features, (Features{Feature::core, Feature::local_embeddings}));
  EXPECT_EQ(third.requirements_sha256, third.asset.local_embeddings_requirements.sha256);
  EXPECT_TRUE(fixture_.works());
  EXPECT_TRUE(fixture_.is_tidy(1));
}

TEST_F(InstallTest, TheModelIsPreparedTriedAndPartOfTheInventory) {
  InstallServices services = fixture_.services();
  std::vector<Features> tried;
  services.verify_embeddings = [&](const Interpreter& interpreter, const Features& features) {
    EXPECT_TRUE(path_exists(interpreter.prefix / "share/ktx/embeddings/model.onnx"));
    tried.push_back(features);
  };
  install(layout_, fixture_.core_request(), services);
  EXPECT_TRUE(tried.empty());
  const InstallRequest request{.features = {Feature::local_embeddings}, .offline = true, .python = {}};
  const Receipt receipt = install(layout_, request, services).receipt;
  EXPECT_EQ(tried, (std::vector<Features>{{Feature::core, Feature::local_embeddings}}));
  const auto graph = layout_.environment_dir(receipt.environment) / "share/ktx/embeddings/model.onnx";
  test::write_file(graph, "other");
  EXPECT_EQ(install(layout_, request, services).damage, "changed " + graph.string());
}

TEST_F(InstallTest, WhenTheModelDoesNotWorkTheOldRuntimeStays) {
  const Receipt first = fixture_.install(fixture_.core_request()).receipt;
  InstallServices services = fixture_.services();
  services.verify_embeddings = [](const Interpreter&, const Features&) {
    throw Error(ErrorKind::interpreter, "another vector");
  };
  const InstallRequest request{.features = {Feature::local_embeddings}, .offline = true, .python = {}};
  const Error error = test::error_of([&] { install(layout_, request, services); });
  EXPECT_NE(error.message().find("so the old one stays: another vector"), std::string::npos);
  EXPECT_EQ(load_receipt(layout_).receipt->environment, first.environment);
  EXPECT_TRUE(fixture_.is_tidy(1));
}

TEST_F(InstallTest, SaysTheSizeOfSentenceTransformersFirst) {
  fixture_.ship_sentence_transformers("# none\n");
  try {
    fixture_.install({.features = {Feature::sentence_transformers}, .offline = true, .python = {}});
  } catch (const Error&) {  // a disk with less room than that
  }
  ASSERT_EQ(fixture_.notices.size(), 1U);
  EXPECT_EQ(
      fixture_.notices[0],
      "Installing sentence-transformers: about 3.1 GB are downloaded unless uv has them, and take 6.0 GB "
      "on the disk");
}

TEST_F(InstallTest, ANewWheelIsInstalled) {
  fixture_.install(fixture_.core_request());
  fixture_.use_wheel("0.1.0.post1");
  EXPECT_EQ(runtime_status(layout_).kind, StatusKind::mismatched);
  EXPECT_TRUE(fixture_.install(fixture_.core_request()).installed);
  EXPECT_TRUE(fixture_.works());
}

TEST_F(InstallTest, RepairsChangedAndMissingFiles) {
  const auto site = fixture_.install(fixture_.core_request()).receipt.interpreter.search_paths.back();
  test::write_file(site / "ktx_daemon/__main__.py", "import malice\n");
  Receipt receipt = fixture_.install(fixture_.core_request()).receipt;
  EXPECT_TRUE(fixture_.works());
  std::filesystem::remove_all(receipt.interpreter.search_paths.back() / "kaelio_ktx-0.1.0.dist-info");
  EXPECT_TRUE(fixture_.install(fixture_.core_request()).installed);
  EXPECT_TRUE(fixture_.works());
  EXPECT_TRUE(fixture_.is_tidy(1));
}

TEST_F(InstallTest, RepairsByteCodeLinksAndFilesThatNobodyInstalled) {
  const auto damage = [&](const std::string& relative,
                          const std::function<void(const std::filesystem::path&)>& how) {
    const Receipt receipt = fixture_.install(fixture_.core_request()).receipt;
    const auto file = layout_.environment_dir(receipt.environment) / relative;
    how(file);
    const InstallResult result = fixture_.install(fixture_.core_request());
    EXPECT_TRUE(result.installed) << relative;
    return std::make_pair(result.damage, file.string());
  };
  const auto [changed, configuration] =
      damage("pyvenv.cfg", [](const auto& file) { test::write_file(file, ""); });
  EXPECT_EQ(changed, "changed " + configuration);
  const auto [missing, script] =
      damage("bin/ktx-daemon", [](const auto& file) { std::filesystem::remove(file); });
  EXPECT_EQ(missing, "Missing ktx-daemon executable: " + layout_.daemon_path.string());
  const auto [added, hook] =
      damage("lib/hook.pth", [](const auto& file) { test::write_file(file, "import os"); });
  EXPECT_EQ(added, "added " + hook);
  const auto [relinked, link] = damage("bin/python", [](const auto& file) {
    std::filesystem::remove(file);
    std::filesystem::create_symlink("/bin/sh", file);
  });
  EXPECT_EQ(relinked, "changed " + link);
  EXPECT_TRUE(fixture_.works());
}

TEST_F(InstallTest, AThoroughOneStartsTheInterpreterThatIsThere) {
  fixture_.install(fixture_.core_request());
  InstallRequest request = fixture_.core_request();
  request.thorough = true;
  EXPECT_FALSE(fixture_.install(request).installed);
  InstallServices services = fixture_.services();
  const std::string old = load_receipt(layout_).receipt->environment;
  services.verify = [&](const Interpreter& interpreter) {
    if (interpreter.prefix == layout_.venv_dir) throw Error(ErrorKind::interpreter, "does not start");
  };
  const InstallResult result = install(layout_, request, services);
  EXPECT_TRUE(result.installed);
  EXPECT_EQ(result.damage, "does not start");
  EXPECT_NE(result.receipt.environment, old);
}

TEST_F(InstallTest, KeepsThePythonThatTheUserAskedFor) {
  InstallRequest request = fixture_.core_request();
  request.python = fixture_.python.string();
  fixture_.environment.variables.erase("KTX_PYTHON");
  fixture_.install(request);
  EXPECT_EQ(fixture_.install(fixture_.core_request(true)).receipt.requested_python, fixture_.python.string());
  Receipt gone = *load_receipt(layout_).receipt;
  gone.requested_python = "/nonexistent/python3";
  test::write_file(layout_.manifest_path, pretty_json(to_json(gone)));
  const Receipt receipt = fixture_.install(fixture_.core_request(true)).receipt;
  EXPECT_EQ(receipt.requested_python, "") << "ktx chose";
  ASSERT_EQ(fixture_.notices.size(), 1U);
  EXPECT_NE(fixture_.notices[0].find("/nonexistent/python3"), std::string::npos) << fixture_.notices[0];
  EXPECT_TRUE(fixture_.works());
}

TEST_F(InstallTest, RepairsAnInvalidReceipt) {
  fixture_.install(fixture_.core_request());
  test::write_file(layout_.manifest_path, "{\"schemaVersion\": 1");
  EXPECT_TRUE(fixture_.install(fixture_.core_request()).installed);
  EXPECT_TRUE(fixture_.works());
  EXPECT_TRUE(fixture_.is_tidy(1));
}

TEST_F(InstallTest, ReplacesARealDirectoryInTheLinksPlace) {
  test::write_file(layout_.venv_dir / "bin/python", "of another program");
  test::write_file(layout_.manifest_path, "{}");
  fixture_.install(fixture_.core_request());
  EXPECT_TRUE(fixture_.works());
  EXPECT_TRUE(fixture_.is_tidy(1));
}

TEST_F(InstallTest, AnInstallBesideARunningQueryKeepsItsEnvironment) {
  const Receipt first = fixture_.install(fixture_.core_request()).receipt;
  {
    const InUse query = hold_in_use(layout_);
    ASSERT_TRUE(query);
    fixture_.install(fixture_.core_request(true));
    fixture_.verify([&] {
      Interpreter running = first.interpreter;
      running.executable = python_of(layout_.environment_dir(first.environment), layout_.platform);
      return running;
    }());
    EXPECT_TRUE(fixture_.is_tidy(2));
  }
  fixture_.install(fixture_.core_request(true));
  EXPECT_TRUE(fixture_.is_tidy(1)) << "collected once nobody uses it";
}

TEST_F(InstallTest, TakesOnlyLockedPackagesWithTheirHashes) {
  const std::string file = fixture_.make_wheel("dependency", "1.0");
  const std::string hash = hex(sha256(read_file(fixture_.directory / file)));
  fixture_.use_wheel("0.1.0", locked(file, hash));
  const Receipt receipt = fixture_.install(fixture_.core_request()).receipt;
  EXPECT_TRUE(path_exists(receipt.interpreter.search_paths.back() / "dependency_package/__init__.py"));
  fixture_.use_wheel("0.1.0", locked(file, std::string(64, '0')));
  EXPECT_EQ(test::error_of([&] { fixture_.install(fixture_.core_request()); }).kind(), ErrorKind::install);
}

TEST_F(InstallTest, FetchesAgainWhatWasChangedInUvsCache) {
  const std::string file = fixture_.make_wheel("dependency", "1.0");
  fixture_.use_wheel("0.1.0", locked(file, hex(sha256(read_file(fixture_.directory / file)))));
  fixture_.install(fixture_.core_request());
  change_in_cache("dependency_package/__init__.py");

  InstallRequest request = fixture_.core_request(true);
  const Error error = test::error_of([&] { fixture_.install(request); });
  EXPECT_NE(error.details().back().find("dependency_package/__init__.py"), std::string::npos);
  EXPECT_EQ(
      error.fix(),
      "What uv keeps of the packages was changed. Run: uv cache clean dependency, then, with a network: "
      "ktx runtime install --yes");
  EXPECT_TRUE(fixture_.works()) << "the old one stays";

  request.offline = false;
  const Receipt receipt = fixture_.install(request).receipt;
  const auto installed = receipt.interpreter.search_paths.back() / "dependency_package/__init__.py";
  EXPECT_EQ(read_file(installed), "version = '1.0'\n");
  EXPECT_TRUE(fixture_.works());
  request.offline = true;
  EXPECT_TRUE(fixture_.install(request).installed) << "the cache is sound again";
}

}  // namespace
}  // namespace ktx::runtime
