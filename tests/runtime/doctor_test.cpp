#include "ktx/check/doctor.hpp"

#include <gtest/gtest.h>

#include <csignal>

#include "fake_command_runner.hpp"
#include "ktx/runtime/receipt.hpp"
#include "ktx/util/shell_words.hpp"
#include "runtime_fixture.hpp"

namespace ktx::runtime {
namespace {

class DoctorTest : public testing::Test {
 protected:
  DoctorTest() {
    test::write_file(fixture_.directory / "uv", "");
    std::filesystem::permissions(fixture_.directory / "uv", std::filesystem::perms::owner_all);
    fixture_.environment.variables["KTX_UV"] = (fixture_.directory / "uv").string();
  }

  DoctorReport report() {
    return run_doctor(fixture_.layout, {fixture_.environment, runner_, health_, embeddings_});
  }

  /// Writes a receipt with the feature.
  Receipt install_embeddings() {
    Receipt receipt = fixture_.installed_receipt();
    receipt.features = normalize({Feature::local_embeddings});
    receipt.requirements_sha256 = receipt.asset.local_embeddings_requirements.sha256;
    fixture_.write_receipt(receipt);
    return receipt;
  }

  /// "uv+ asset+ runtime- plugins+": each check's id and whether it passed.
  std::string summary() {
    std::string text;
    for (const DoctorCheck& check : report().checks) {
      text += (text.empty() ? "" : " ") + check.id +
              (check.status == CheckStatus::pass   ? "+"
               : check.status == CheckStatus::warn ? "!"
                                                   : "-");
      EXPECT_EQ(check.fix.empty(), check.status == CheckStatus::pass) << check.id;
      EXPECT_FALSE(check.detail.empty()) << check.id;
    }
    return text;
  }

  /// "runtime python": the ids of what fails.
  std::string failing() {
    std::string text;
    for (const DoctorCheck& check : report().checks) {
      if (check.status == CheckStatus::fail) text += (text.empty() ? "" : " ") + check.id;
    }
    return text;
  }

  DoctorCheck check_of(const std::string& id) {
    for (const DoctorCheck& check : report().checks) {
      if (check.id == id) return check;
    }
    return {CheckStatus::fail, id, "", "no such check", "no such check"};
  }

  std::string fix_of(const std::string& id) { return check_of(id).fix; }
  std::string detail_of(const std::string& id) { return check_of(id).detail; }

  test::RuntimeFixture fixture_;
  test::FakeCommandRunner runner_{[](const Command&) { return test::exited(0, "uv 0.9.3\n"); }};
  std::function<InterpreterHealth(const Interpreter&)> health_ = [](const Interpreter&) {
    return InterpreterHealth{true, "Python 3.13.0 loads", Json{{"version", "3.13.0"}}};
  };
  EmbeddingsCheck embeddings_ = [](const Interpreter&, const Features&) {
    return EmbeddingsHealth{true, "all-MiniLM-L6-v2", ""};
  };
};

TEST_F(DoctorTest, WithoutARuntimeChecksWhatIsShipped) {
  EXPECT_EQ(summary(), "uv+ asset+ runtime- plugins+");
  EXPECT_EQ(fix_of("runtime"), "Run: ktx runtime install --yes");
  EXPECT_FALSE(report().passed());
}

TEST_F(DoctorTest, PassesWithASoundRuntime) {
  fixture_.write_receipt(fixture_.installed_receipt());
  EXPECT_EQ(summary(),
            "uv+ asset+ runtime+ plugins+ receipt+ version+ python+ daemon+ receipt-files+ libpython+ "
            "interpreter+");
  EXPECT_TRUE(report().passed());
  EXPECT_EQ(report().interpreter, (Json{{"version", "3.13.0"}}));
}

TEST_F(DoctorTest, SaysWhatIsWrongWithUvAndTheAsset) {
  fixture_.environment.variables.erase("KTX_UV");
  test::write_file(fixture_.wheel_path(), "other");
  EXPECT_EQ(summary(), "uv- asset- runtime- plugins+");
  EXPECT_EQ(fix_of("uv"), "Install uv, then run: ktx runtime install --yes");
  EXPECT_EQ(fix_of("asset"), "Reinstall ktx: its bundled wheel is missing or damaged");
}

// Queries work, and an install fetches uv by itself.
TEST_F(DoctorTest, NoUvIsNoFaultWhereAnInstallFetchesIt) {
  fixture_.environment.variables.erase("KTX_UV");
  fixture_.pin_uv("uv==1\n");
  const auto python = fixture_.directory / "python3";
  test::write_file(python, "");
  std::filesystem::permissions(python, std::filesystem::perms::owner_all);
  fixture_.environment.variables["KTX_PYTHON"] = python.string();
  runner_ = test::FakeCommandRunner(
      [](const Command&) { return test::exited(0, R"({"usable": true, "pip": "24.0", "wheel": ""})"); });
  EXPECT_EQ(summary(), "uv+ asset+ runtime- plugins+");
  EXPECT_EQ(report().checks.front().detail, "none on this machine; an install fetches it with pip");
}

// A machine with nothing but Node.js: the install that the next check advises would fail.
TEST_F(DoctorTest, NoUvIsAFaultWhereNoPythonCanFetchIt) {
  fixture_.environment.variables.erase("KTX_UV");
  fixture_.pin_uv("uv==1\n");
  EXPECT_EQ(summary(), "uv- asset+ runtime- plugins+");
  EXPECT_EQ(report().checks.front().detail,
            "none on this machine, and no Python on this machine (3.8 or later) has pip or ensurepip");
}

TEST_F(DoctorTest, ARuntimeThatWorksIsSoundWithoutUv) {
  fixture_.write_receipt(fixture_.installed_receipt());
  fixture_.environment.variables.erase("KTX_UV");
  EXPECT_EQ(summary().substr(0, 4), "uv! ") << "nothing pinned that an install could fetch";
  EXPECT_TRUE(report().passed());
  fixture_.environment.variables["KTX_UV"] = "/nonexistent/uv";
  EXPECT_EQ(summary().substr(0, 4), "uv! ");
  EXPECT_EQ(fix_of("uv"), "Set KTX_UV to the path of uv, or unset it");
}

TEST_F(DoctorTest, SaysWhichPythonsCanBeLoaded) {
  EXPECT_EQ(detail_of("plugins"), "CPython 3.11, 3.12, 3.13");
  std::filesystem::remove_all(fixture_.layout.plugin_dir);
  EXPECT_EQ(detail_of("plugins"), "There are none in " + fixture_.layout.plugin_dir.string());
  EXPECT_EQ(fix_of("plugins"), "Reinstall ktx");
}

TEST_F(DoctorTest, ChecksTheListOfLocalEmbeddingsToo) {
  test::write_file(fixture_.layout.asset_dir / "requirements-local-embeddings.txt", "other");
  EXPECT_EQ(summary(), "uv+ asset- runtime- plugins+");
}

TEST_F(DoctorTest, EachFaultHasACheckOfItsOwn) {
  const Receipt receipt = fixture_.installed_receipt();
  Receipt other = receipt;
  other.cli_version = "0.1.0";
  fixture_.write_receipt(other);
  EXPECT_EQ(failing(), "runtime version");
  fixture_.write_receipt(receipt);
  std::filesystem::remove(receipt.interpreter.base_executable);
  EXPECT_EQ(failing(), "python") << "upgraded away, though the library is still there";
  std::filesystem::remove(fixture_.layout.environment_dir("env-1") / "bin/python");
  EXPECT_EQ(failing(), "runtime python receipt-files");
  std::filesystem::remove(fixture_.layout.environment_dir("env-1") / "bin/ktx-daemon");
  EXPECT_EQ(failing(), "runtime python daemon receipt-files");
  test::write_file(fixture_.layout.manifest_path, "{\"schemaVersion\": 1");
  EXPECT_EQ(failing(), "runtime receipt");
  test::write_file(fixture_.layout.manifest_path, R"({"receiptVersion": 99, "cliVersion": "9.0.0"})");
  EXPECT_EQ(failing(), "runtime receipt");
  EXPECT_EQ(fix_of("receipt"), "Use ktx 9.0.0, or run: ktx runtime install --force --yes");
}

TEST_F(DoctorTest, WarnsOfWhatIsUnusualAndStillPasses) {
  fixture_.write_receipt(fixture_.installed_receipt());
  const auto& layout = fixture_.layout;
  test::write_file(layout.staging_dir("abc") / "requirements.txt", "");
  test::write_file(layout.version_dir / "manifest.json.abcdef", "{");
  std::filesystem::permissions(layout.version_dir, std::filesystem::perms::all);
  fixture_.environment.variables["LD_PRELOAD"] = "/opt/libpython3.so";
  EXPECT_EQ(
      summary(),
      "uv+ asset+ runtime+ plugins+ receipt+ version+ python+ daemon+ receipt-files+ libpython+ interpreter+ "
      "permissions! leftovers! environment!");
  EXPECT_TRUE(report().passed());
  EXPECT_EQ(fix_of("permissions"), "Run: " + shell_command({"chmod", "go-w", layout.version_dir}));
}

TEST_F(DoctorTest, ACopyOfTheLibraryIsTheLibrary) {
  const Receipt receipt = fixture_.installed_receipt();
  fixture_.write_receipt(receipt);
  const auto& library = receipt.interpreter.libpython.path;
  std::filesystem::last_write_time(library,
                                   std::filesystem::file_time_type::clock::now() - std::chrono::hours(9));
  EXPECT_TRUE(report().passed()) << summary();
}

TEST_F(DoctorTest, FindsAChangedLibrary) {
  const Receipt receipt = fixture_.installed_receipt();
  fixture_.write_receipt(receipt);
  test::write_file(receipt.interpreter.libpython.path, "another");
  EXPECT_EQ(summary(),
            "uv+ asset+ runtime- plugins+ receipt+ version+ python+ daemon+ receipt-files+ libpython- "
            "interpreter+");
}

TEST_F(DoctorTest, FindsAChangedFile) {
  const Receipt receipt = fixture_.installed_receipt();
  fixture_.write_receipt(receipt);
  const auto site = receipt.interpreter.search_paths.front();
  test::write_file(site / "a-1.dist-info/RECORD", "a.py,sha256=AAAA,1\n");
  EXPECT_EQ(summary(),
            "uv+ asset+ runtime+ plugins+ receipt+ version+ python+ daemon+ receipt-files- libpython+ "
            "interpreter+");
}

TEST_F(DoctorTest, AnInterpreterThatDoesNotLoadIsAFinding) {
  fixture_.write_receipt(fixture_.installed_receipt());
  health_ = [&](const Interpreter& interpreter) {
    test::FakeCommandRunner crashing([](const Command&) {
      CommandResult crash;
      crash.end = CommandResult::End::signalled;
      crash.code = 11;
      return crash;
    });
    return interpreter_health(crashing, fixture_.environment, fixture_.layout, interpreter);
  };
  EXPECT_EQ(summary(),
            "uv+ asset+ runtime+ plugins+ receipt+ version+ python+ daemon+ receipt-files+ libpython+ "
            "interpreter-");
  EXPECT_EQ(report().checks.back().detail, "The interpreter does not load: killed by SIGSEGV");
  EXPECT_FALSE(report().interpreter);
}

TEST_F(DoctorTest, AnInterpreterThatHangsIsAFinding) {
  fixture_.write_receipt(fixture_.installed_receipt());
  health_ = [&](const Interpreter& interpreter) {
    test::FakeCommandRunner hanging([](const Command& command) {
      CommandResult hang;
      hang.end = CommandResult::End::timed_out;
      hang.time_limit = command.time_limit;
      return hang;
    });
    return interpreter_health(hanging, fixture_.environment, fixture_.layout, interpreter);
  };
  EXPECT_EQ(failing(), "interpreter");
  EXPECT_EQ(report().checks.back().detail, "The interpreter does not load: no answer within 60 s");
  EXPECT_EQ(fix_of("interpreter"), "Run: ktx runtime repair");
}

// As with the libraries of conda or of an environment module.
TEST_F(DoctorTest, WhatWorksWithoutTheLoadersVariablesIsMendedByUnsettingThem) {
  fixture_.write_receipt(fixture_.installed_receipt());
  fixture_.environment.variables["LD_LIBRARY_PATH"] = "/opt/conda/lib";
  std::string sound = R"({"version": "3.13.0", "faults": []})";
  test::FakeCommandRunner child([&](const Command& command) {
    const bool misled = command.environment.contains("LD_LIBRARY_PATH");
    return test::exited(0,
                        misled ? R"({"version": "3.13.0", "faults": ["Module ssl does not load"]})" : sound);
  });
  health_ = [&](const Interpreter& interpreter) {
    return interpreter_health(child, fixture_.environment, fixture_.layout, interpreter);
  };
  EXPECT_EQ(failing(), "interpreter");
  EXPECT_EQ(fix_of("interpreter"),
            "Unset LD_LIBRARY_PATH, which puts other libraries into ktx, and run the command again");
  sound = R"({"version": "3.13.0", "faults": ["sqlglot cannot be imported"]})";
  EXPECT_EQ(fix_of("interpreter"), "Run: ktx runtime repair") << "it fails without them too";
}

TEST_F(DoctorTest, TriesLocalEmbeddingsWhereTheyAreInstalled) {
  install_embeddings();
  EXPECT_TRUE(summary().ends_with("interpreter+ embeddings+")) << summary();
  embeddings_ = [](const Interpreter&, const Features&) {
    return EmbeddingsHealth{false, "model.safetensors is damaged", "Run: ktx runtime repair"};
  };
  EXPECT_EQ(failing(), "embeddings");
  EXPECT_EQ(fix_of("embeddings"), "Run: ktx runtime repair");
}

TEST_F(DoctorTest, EmbeddingsAreTriedInAChildForEachBackend) {
  const Interpreter interpreter = install_embeddings().interpreter;
  test::FakeCommandRunner runner([](const Command&) {
    return test::exited(0, R"({"ok": {"backend": "x", "model": "M", "dimensions": 384}})");
  });
  const auto health = embeddings_health(runner, fixture_.environment, fixture_.layout, interpreter,
                                        normalize({Feature::sentence_transformers}));
  EXPECT_TRUE(health.healthy);
  EXPECT_EQ(health.detail, "M, 384 dimensions, with onnx, sentence-transformers");
  ASSERT_EQ(runner.commands.size(), 2U);
  EXPECT_EQ(runner.commands[0].argv.back(), "onnx");
  EXPECT_EQ(runner.commands[1].argv.back(), "sentence-transformers");
}

TEST_F(DoctorTest, WhatAnEmbeddingChildSaysOrDoesIsTheFinding) {
  const Interpreter interpreter = install_embeddings().interpreter;
  CommandResult result;
  test::FakeCommandRunner runner([&](const Command&) { return result; });
  const auto health = [&] {
    const auto found = embeddings_health(runner, fixture_.environment, fixture_.layout, interpreter,
                                         {Feature::core, Feature::local_embeddings});
    EXPECT_FALSE(found.healthy);
    return found.detail + " | " + found.fix;
  };
  result = test::exited(0, R"({"error": {"kind": "unsupported", "message": "no tokenizers", "fix": "Do"}})");
  EXPECT_EQ(health(), "no tokenizers | Do");
  result = test::exited(0, R"({"error": {"kind": "internal", "message": "Boom\nmore", "fix": "Report"}})");
  EXPECT_EQ(health(), "Boom | Run: ktx runtime repair");
  result = test::exited(1, "", "cannot load\n");
  EXPECT_EQ(health(), "Embedding with onnx does not work: cannot load | Run: ktx runtime repair");
  result.end = CommandResult::End::signalled;
  result.code = SIGSEGV;
  EXPECT_TRUE(health().starts_with("Embedding with onnx does not work: ")) << health();
  result = test::exited(0, "nonsense");
  EXPECT_TRUE(health().ends_with("| Run: ktx runtime repair")) << health();
}

TEST_F(DoctorTest, TheChildsFaultsFailTheCheckAndItsReportStays) {
  const Interpreter interpreter = fixture_.installed_receipt().interpreter;
  test::FakeCommandRunner runner([](const Command&) {
    return test::exited(0, R"({"version": "3.13.0", "faults": ["sqlglot cannot be imported"]})");
  });
  const auto health = interpreter_health(runner, fixture_.environment, fixture_.layout, interpreter);
  EXPECT_FALSE(health.healthy);
  EXPECT_EQ(health.detail, "sqlglot cannot be imported");
  EXPECT_TRUE(health.report);
  const Command& command = runner.commands.at(0);
  EXPECT_EQ(command.argv,
            (std::vector<std::string>{fixture_.environment.executable.string(), "__interpreter-health",
                                      "--plugin-dir", fixture_.layout.plugin_dir.string()}));
  EXPECT_GT(command.time_limit.count(), 0);
}

}  // namespace
}  // namespace ktx::runtime
