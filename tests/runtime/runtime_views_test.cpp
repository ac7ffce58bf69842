#include <gtest/gtest.h>

#include "ktx/output/runtime_view.hpp"
#include "runtime_fixture.hpp"

namespace ktx::cli {
namespace {

class RuntimeViewsTest : public testing::Test {
 protected:
  RuntimeViewsTest() {
    layout_.runtime_root = "/r";
    layout_.version_dir = "/r/0.2.0";
    layout_.manifest_path = "/r/0.2.0/manifest.json";
    layout_.install_log_path = "/r/0.2.0/install.log";
    receipt_.cli_version = "0.2.0";
    receipt_.features = {runtime::Feature::core, runtime::Feature::local_embeddings};
    receipt_.python_executable = "/r/0.2.0/.venv/bin/python";
    receipt_.daemon_executable = "/r/0.2.0/.venv/bin/ktx-daemon";
  }

  runtime::Layout layout_;
  runtime::Receipt receipt_;
};

TEST_F(RuntimeViewsTest, Install) {
  const std::string rest =
      "version: 0.2.0\n"
      "features: core, local-embeddings\n"
      "python: /r/0.2.0/.venv/bin/python\n"
      "daemon: /r/0.2.0/.venv/bin/ktx-daemon\n"
      "manifest: /r/0.2.0/manifest.json\n"
      "install log: /r/0.2.0/install.log\n";
  EXPECT_EQ(install_text({true, {}, receipt_}, layout_), "Installed KTX Python runtime\n" + rest);
  EXPECT_EQ(install_text({false, {}, receipt_}, layout_), "Using existing KTX Python runtime\n" + rest);
  EXPECT_EQ(Json::parse(install_json({false, {}, receipt_}, layout_))["state"], "ready");
}

TEST_F(RuntimeViewsTest, Status) {
  const std::string start =
      "KTX Python runtime\n"
      "status: missing\n"
      "detail: why\n"
      "runtime root: /r\n"
      "version dir: /r/0.2.0\n";
  EXPECT_EQ(status_text({runtime::StatusKind::missing, "why", {}, {}}, layout_), start);
  EXPECT_EQ(status_text({runtime::StatusKind::missing, "why", receipt_, {}}, layout_),
            start +
                "features: core, local-embeddings\n"
                "python: /r/0.2.0/.venv/bin/python\n"
                "daemon: /r/0.2.0/.venv/bin/ktx-daemon\n");
}

TEST_F(RuntimeViewsTest, StatusJson) {
  const Json missing = Json::parse(status_json({runtime::StatusKind::missing, "why", {}, {}}, layout_));
  std::vector<std::string> keys;
  for (const auto& item : missing["layout"].items()) keys.push_back(item.key());
  EXPECT_EQ(keys, (std::vector<std::string>{"cliVersion", "runtimeRoot", "versionDir", "venvDir",
                                            "manifestPath", "installLogPath", "assetDir", "assetManifestPath",
                                            "pythonPath", "daemonPath"}));
  EXPECT_FALSE(missing.contains("manifest"));
  const Json ready = Json::parse(status_json({runtime::StatusKind::ready, "", receipt_, {}}, layout_));
  EXPECT_EQ(ready["kind"], "ready");
  EXPECT_EQ(ready["manifest"]["features"], (Json{"core", "local-embeddings"}));
}

TEST_F(RuntimeViewsTest, Doctor) {
  const runtime::DoctorReport report{
      {{runtime::CheckStatus::pass, "uv", "uv", "uv 0.9.3", ""},
       {runtime::CheckStatus::fail, "runtime", "Managed Python runtime", "gone",
        "Run: ktx runtime install --yes"},
       {runtime::CheckStatus::pass, "interpreter", "Python interpreter in ktx", "Python 3.13.0 loads", ""}},
      Json{{"version", "3.13.0"},
           {"startMs", 12.5},
           {"sql", "SELECT\n  1"},
           {"packages", {{"a", "1.0"}, {"b", nullptr}}},
           {"faults", Json::array()}}};
  EXPECT_EQ(doctor_text(report),
            "KTX Python runtime doctor\n"
            "PASS uv: uv 0.9.3\n"
            "FAIL Managed Python runtime: gone\n"
            "  Fix: Run: ktx runtime install --yes\n"
            "PASS Python interpreter in ktx: Python 3.13.0 loads\n"
            "  version: 3.13.0\n"
            "  startMs: 12.5\n"
            "  sql: SELECT\n"
            "      1\n"
            "  packages: a 1.0, b null\n");
  const Json document = Json::parse(doctor_json(report));
  EXPECT_EQ(document["checks"][0].dump(), R"({"status":"pass","id":"uv","label":"uv","detail":"uv 0.9.3"})");
  EXPECT_EQ(document["checks"][1]["fix"], "Run: ktx runtime install --yes");
  EXPECT_EQ(document["interpreter"]["version"], "3.13.0");
}

TEST_F(RuntimeViewsTest, Prune) {
  runtime::PruneResult result{"/r", {"/r/0.1.0"}, {"/r/0.2.0"}, {}, {}};
  EXPECT_EQ(prune_text(result, true), "Stale KTX Python runtimes\n/r/0.1.0\n");
  result.removed = result.stale;
  EXPECT_EQ(prune_text(result, false), "Removed stale KTX Python runtimes\n/r/0.1.0\n");
  result.stale = result.removed = {};
  EXPECT_EQ(prune_text(result, false), "No stale KTX Python runtimes found under /r\n");
  result.in_use = {"/r/0.0.9"};
  EXPECT_EQ(prune_text(result, false),
            "No stale KTX Python runtimes found under /r\nKept, in use by another process\n/r/0.0.9\n");
  EXPECT_EQ(Json::parse(prune_json(result)).dump(),
            R"({"runtimeRoot":"/r","stale":[],"kept":["/r/0.2.0"],"inUse":["/r/0.0.9"],"removed":[]})");
}

}  // namespace
}  // namespace ktx::cli
