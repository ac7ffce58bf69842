#include "ktx/runtime/layout.hpp"

#include <gtest/gtest.h>

#include "expect_error.hpp"
#include "temporary_directory.hpp"

namespace ktx::runtime {
namespace {

Environment machine(Platform platform, std::string home, std::map<std::string, std::string> variables = {}) {
  Environment environment;
  environment.platform = platform;
  environment.home = std::move(home);
  environment.variables = std::move(variables);
  environment.executable = "/opt/ktx/bin/ktx";
  return environment;
}

TEST(Layout, OnMacos) {
  const Layout layout = make_layout(machine(Platform::macos, "/Users/a"), "0.2.0");
  const std::string root = "/Users/a/Library/Application Support/kaelio/ktx/runtime";
  EXPECT_EQ(layout.runtime_root, root);
  EXPECT_EQ(layout.version_dir, root + "/0.2.0");
  EXPECT_EQ(layout.venv_dir, root + "/0.2.0/.venv");
  EXPECT_EQ(layout.manifest_path, root + "/0.2.0/manifest.json");
  EXPECT_EQ(layout.install_log_path, root + "/0.2.0/install.log");
  EXPECT_EQ(layout.python_path, root + "/0.2.0/.venv/bin/python");
  EXPECT_EQ(layout.daemon_path, root + "/0.2.0/.venv/bin/ktx-daemon");
  EXPECT_EQ(layout.asset_manifest_path, "/opt/ktx/assets/python/manifest.json");
  EXPECT_EQ(layout.plugin_dir, "/opt/ktx/plugins");
}

TEST(Layout, OnMacosIgnoresXdg) {
  const auto environment = machine(Platform::macos, "/Users/a", {{"XDG_DATA_HOME", "/data"}});
  EXPECT_EQ(make_layout(environment, "1.0.0").runtime_root,
            "/Users/a/Library/Application Support/kaelio/ktx/runtime");
}

TEST(Layout, OnLinuxFollowsXdg) {
  const auto environment = machine(Platform::linux_like, "/home/a", {{"XDG_DATA_HOME", "/data"}});
  EXPECT_EQ(make_layout(environment, "0.1.0-rc.0").version_dir, "/data/kaelio/ktx/runtime/0.1.0-rc.0");
}

TEST(Layout, OnLinuxTakesAnEmptyOrRelativeXdgForUnset) {
  for (const char* value : {"", "data"}) {
    const auto environment = machine(Platform::linux_like, "/home/a", {{"XDG_DATA_HOME", value}});
    EXPECT_EQ(make_layout(environment, "1.0.0").runtime_root, "/home/a/.local/share/kaelio/ktx/runtime");
  }
}

// Somebody else's root: neither may this user make a daemon's folder there, nor trust one.
TEST(Layout, ADaemonInARootOfAnotherUserLivesInTheHome) {
  const test::TemporaryDirectory root;
  Environment environment =
      machine(Platform::linux_like, "/home/a", {{"KTX_RUNTIME_ROOT", root.path().string()}});
  const Layout own = make_layout(environment, "1.0.0");
  EXPECT_EQ(own.daemon_dir.parent_path(), root / ".ktx/daemon");
  environment.user += 1;
  const Layout shared = make_layout(environment, "1.0.0");
  EXPECT_EQ(shared.daemon_dir.parent_path(), "/home/a/.local/state/kaelio/ktx/daemon");
  EXPECT_EQ(shared.manifest_path, own.manifest_path) << "the runtime itself is shared";
  environment.variables["XDG_STATE_HOME"] = "/state";
  EXPECT_EQ(make_layout(environment, "1.0.0").daemon_dir.parent_path(), "/state/kaelio/ktx/daemon");
  const test::TemporaryDirectory other;
  environment.variables["KTX_RUNTIME_ROOT"] = other.path().string();
  EXPECT_NE(make_layout(environment, "1.0.0").daemon_dir.filename(), shared.daemon_dir.filename())
      << "two roots have two daemons";
}

TEST(Layout, OnWindows) {
  const auto environment =
      machine(Platform::windows, R"(C:\Users\a)", {{"LOCALAPPDATA", R"(C:\Users\a\AppData\Local)"}});
  const Layout layout = make_layout(environment, "0.2.0");
  // The separator is this host's; only the parts matter.
  const std::string root = R"(C:\Users\a\AppData\Local/Kaelio/KTX/runtime)";
  EXPECT_EQ(layout.runtime_root, root);
  EXPECT_EQ(layout.python_path, root + "/0.2.0/.venv/Scripts/python.exe");
  EXPECT_EQ(layout.daemon_path, root + "/0.2.0/.venv/Scripts/ktx-daemon.exe");
}

TEST(Layout, OnWindowsWithoutLocalAppData) {
  EXPECT_EQ(make_layout(machine(Platform::windows, R"(C:\Users\a)"), "1.0.0").runtime_root,
            R"(C:\Users\a/AppData/Local/Kaelio/KTX/runtime)");
}

TEST(Layout, OverrideIsTheRootVerbatim) {
  for (const Platform platform : {Platform::linux_like, Platform::macos}) {
    const auto environment = machine(platform, "", {{"KTX_RUNTIME_ROOT", "/x y/../z/"}});
    EXPECT_EQ(make_layout(environment, "1.0.0").runtime_root.string(), "/x y/../z/");
  }
}

TEST(Layout, EmptyOverrideCountsAsUnset) {
  const auto environment = machine(Platform::linux_like, "/home/a", {{"KTX_RUNTIME_ROOT", ""}});
  EXPECT_EQ(make_layout(environment, "1.0.0").runtime_root, "/home/a/.local/share/kaelio/ktx/runtime");
}

TEST(Layout, RelativeOverrideIsAUsageError) {
  const auto environment = machine(Platform::linux_like, "/home/a", {{"KTX_RUNTIME_ROOT", "here"}});
  const Error error = test::error_of([&] { make_layout(environment, "1.0.0"); });
  EXPECT_EQ(error.kind(), ErrorKind::usage);
  EXPECT_EQ(error.message(), "KTX_RUNTIME_ROOT must be an absolute path: here");
}

TEST(Layout, ALineBreakInTheRootIsRefused) {
  Environment environment;
  environment.variables = {{"KTX_RUNTIME_ROOT", "/two\nlines"}};
  const Error error = test::error_of([&] { make_layout(environment, "0.1.0"); });
  EXPECT_EQ(error.kind(), ErrorKind::usage);
  EXPECT_EQ(error.message(), "KTX_RUNTIME_ROOT must not have a line break in it");
}

TEST(Layout, WithoutAHomeSaysWhatToSet) {
  const Error error = test::error_of([] { make_layout(machine(Platform::linux_like, ""), "1.0.0"); });
  EXPECT_NE(error.fix().find("KTX_RUNTIME_ROOT"), std::string::npos);
}

TEST(Layout, KeepsItsOwnFilesInOneFolder) {
  const Layout layout = make_layout(machine(Platform::linux_like, "/home/a"), "1.0.0");
  for (const auto& path :
       {layout.locks_dir, layout.tools_dir, layout.staging_dir("x"), layout.trash_dir("x")}) {
    EXPECT_EQ(path.parent_path(), layout.runtime_root / ".ktx");
  }
}

}  // namespace
}  // namespace ktx::runtime
