#include "ktx/app/own_command.hpp"

#include <gtest/gtest.h>

#include <string>

#include "ktx/app/version.hpp"
#include "ktx/util/filesystem.hpp"
#include "temporary_directory.hpp"

namespace ktx::app {
namespace {

namespace fs = std::filesystem;

// The test's folder has a blank in its name.
std::string quoted(const fs::path& path) { return "'" + path.string() + "'"; }

// A machine with a project of Node.js and whatever else a test puts there.
class OwnCommand : public ::testing::Test {
 protected:
  OwnCommand() {
    environment.executable = modules / "@kaelio/ktx-linux-x64-gnu/bin/ktx";
    launched_by(make_program(modules / "@kaelio/ktx/bin/ktx"));
    fs::create_directories(modules / ".bin");
    fs::create_symlink(launcher, modules / ".bin/ktx");
    write("shop/package.json");
  }

  fs::path write(const fs::path& file) const {
    fs::create_directories((root / file).parent_path());
    write_file_atomically(root / file, "{}");
    return root / file;
  }

  fs::path make_program(const fs::path& file) const {
    write(file);
    fs::permissions(root / file, fs::perms::owner_all);
    return root / file;
  }

  void launched_by(const fs::path& file) {
    launcher = file;
    environment.variables["KTX_LAUNCHER"] = file.string();
  }

  std::string command(const std::string& folder = "shop") const {
    return own_command(environment, root / folder);
  }

  const test::TemporaryDirectory directory;
  const fs::path root = fs::canonical(directory.path());
  const fs::path modules = root / "shop/node_modules";
  fs::path launcher;
  Environment environment;
};

TEST_F(OwnCommand, WithoutItsLauncherIsThePathOfAProgramThatTheShellDoesNotFind) {
  environment.variables.erase("KTX_LAUNCHER");
  EXPECT_EQ(command(), "node_modules/@kaelio/ktx-linux-x64-gnu/bin/ktx");
  EXPECT_EQ(command("elsewhere"), quoted(environment.executable));
  environment.executable = root / ".venv/lib/python3.13/site-packages/kaelio_ktx_cli/ktx/bin/ktx";
  EXPECT_EQ(command(), quoted(environment.executable));
  environment.executable = make_program(root / ("ktx-" + std::string(version) + "-linux-x86_64") / "bin/ktx");
  EXPECT_EQ(command(), quoted(environment.executable));
  fs::create_directories(root / "programs");
  fs::create_symlink(environment.executable, root / "programs/ktx");
  environment.variables["PATH"] = (root / "programs").string();
  EXPECT_EQ(command(), "ktx");
  environment.executable = root / "checkout/build/bin/ktx";
  environment.variables["PATH"] = "/nowhere";
  EXPECT_EQ(command(), "ktx") << "of a build";
}

TEST_F(OwnCommand, IsThatOfThePackageManagerThatStartedIt) {
  const std::pair<const char*, const char*> agents[] = {
      {"npm/11.0.0 node/v24.0.0 linux x64", "npx ktx"},
      {"pnpm/10.1.0 npm/? node/v24.0.0", "pnpm exec ktx"},
      {"yarn/1.22.22 npm/? node/v24.0.0", "yarn --silent ktx"},
      {"yarn/4.18.1 npm/? node/v24.0.0", "yarn ktx"},
      {"bun/1.4.5 npm/? node/v24.0.0", "bun run ktx"}};
  for (const auto& [agent, expected] : agents) {
    environment.variables["npm_config_user_agent"] = agent;
    EXPECT_EQ(command(), expected);
    const bool looks_above = std::string_view(expected) != "pnpm exec ktx";
    EXPECT_EQ(command("shop/models/deep"), looks_above ? expected : "../../node_modules/.bin/ktx");
  }
}

TEST_F(OwnCommand, IsThatOfTheLockFileWhereTheLauncherWasCalledByItsPath) {
  EXPECT_EQ(command(), "npx ktx");
  write("yarn.lock");
  EXPECT_EQ(command(), "yarn --silent ktx") << "that of the workspace above";
  write("shop/pnpm-lock.yaml");
  EXPECT_EQ(command(), "pnpm exec ktx");
}

TEST_F(OwnCommand, IsThePathWhereAManagerWouldNotFindIt) {
  environment.variables["npm_config_user_agent"] = "npm/11.0.0";
  EXPECT_EQ(command("elsewhere"), quoted(launcher)) << "npx would fetch another ktx";
  fs::remove(modules / ".bin/ktx");
  EXPECT_EQ(command(), "node_modules/@kaelio/ktx/bin/ktx");
}

TEST_F(OwnCommand, IsKtxWhereTheShellFindsIt) {
  environment.variables["PATH"] = (modules / ".bin").string();
  EXPECT_EQ(command(), "ktx") << "as direnv does it";
  environment.variables["npm_config_user_agent"] = "npm/11.0.0";
  EXPECT_EQ(command(), "npx ktx") << "npm puts it there for this process alone";
  make_program("bin/ktx");
  environment.variables["PATH"] = (root / "bin").string();
  EXPECT_EQ(command(), "npx ktx") << "that is another ktx";
  fs::remove(root / "bin/ktx");
  fs::create_symlink(launcher, root / "bin/ktx");
  EXPECT_EQ(command(), "ktx");
}

TEST_F(OwnCommand, IsKtxWherePnpmHasAScriptOnThePath) {
  const fs::path package = "pnpm/global/5/.pnpm/@kaelio+ktx@0.1.0/node_modules/@kaelio";
  environment.executable = root / package / "ktx-linux-x64-gnu/bin/ktx";
  launched_by(make_program(package / "ktx/bin/ktx"));
  EXPECT_EQ(command(), quoted(launcher));
  for (const char* script : {"pnpm/ktx", "pnpm/bin/ktx"}) {
    environment.variables["PATH"] = make_program(script).parent_path().string();
    EXPECT_EQ(command(), "ktx");
  }
  environment.variables["PATH"] = make_program("elsewhere/bin/ktx").parent_path().string();
  EXPECT_EQ(command(), quoted(launcher)) << "that is another ktx";
}

TEST_F(OwnCommand, FetchesWhatWasFetchedForOnce) {
  const auto started = [&](const std::string& folder, const char* agent) {
    environment.executable = root / folder / "node_modules/@kaelio/ktx-linux-x64-gnu/bin/ktx";
    launched_by(root / folder / "node_modules/@kaelio/ktx/bin/ktx");
    environment.variables["npm_config_user_agent"] = agent;
    return command();
  };
  EXPECT_EQ(started(".npm/_npx/4f5bc460b72e0379", "npm/11.0.0"), "npx @kaelio/ktx");
  EXPECT_EQ(started("pnpm/dlx/0123/45", "pnpm/10.1.0"), "pnpm dlx @kaelio/ktx");
  EXPECT_EQ(started("xfs-1/dlx-2", "yarn/4.18.1"), "yarn dlx @kaelio/ktx");
  EXPECT_EQ(started(".bunx-0/@kaelio/ktx@latest", "bun/1.4.5"), "bunx @kaelio/ktx");
}

TEST_F(OwnCommand, NeedsYarnInPlugAndPlay) {
  const std::string unplugged = "/.yarn/unplugged/@kaelio-ktx-npm-0.1.0-1/node_modules/@kaelio/ktx/bin/ktx";
  launched_by(root / "shop/pnp" / unplugged.substr(1));
  environment.executable = root / "shop/pnp/.yarn/unplugged/x/node_modules/@kaelio/ktx-linux-x64-gnu/bin/ktx";
  write("shop/pnp/.pnp.cjs");
  write("shop/pnp/.yarnrc.yml");
  EXPECT_EQ(command("shop/pnp"), "yarn ktx");
  EXPECT_EQ(command("elsewhere"), quoted(environment.executable));
}

// As an installer of Python's packages lays it out below `prefix`.
class OwnCommandOfTheWheel : public OwnCommand {
 protected:
  void installed_in(const fs::path& prefix) {
    const fs::path packages = root / prefix / "lib/python3.12/site-packages";
    environment.executable = packages / "kaelio_ktx_cli/ktx/bin/ktx";
    launched_by(make_program(prefix / "bin/ktx"));
    environment.variables["PATH"] = (root / prefix / "bin").string();
  }
};

TEST_F(OwnCommandOfTheWheel, IsUvxWhereThatStartedIt) {
  environment.variables["UV"] = "/usr/bin/uv";
  installed_in("cache/uv/archive-v0/abc");
  EXPECT_EQ(command(), "uvx --from kaelio-ktx-cli ktx");
  installed_in("share/uv/tools/kaelio-ktx-cli");
  EXPECT_EQ(command(), "uvx --from kaelio-ktx-cli ktx");
  fs::create_directories(root / "bin");
  fs::create_symlink(launcher, root / "bin/ktx");
  environment.variables["PATH"] += ":" + (root / "bin").string();
  EXPECT_EQ(command(), "ktx") << "uv tool install put it there";
}

TEST_F(OwnCommandOfTheWheel, IsPipxOrUvRunWhereThoseStartedIt) {
  installed_in("home/.cache/pipx/92c42f9d6fa6e12");
  environment.variables.erase("PATH");
  EXPECT_EQ(command(), "pipx run --spec kaelio-ktx-cli ktx");
  installed_in("shop/.venv");
  environment.variables["UV"] = "/usr/bin/uv";
  environment.variables["UV_RUN_RECURSION_DEPTH"] = "1";
  EXPECT_EQ(command(), "uv run ktx");
  EXPECT_EQ(command("elsewhere"), quoted(launcher)) << "uv would look for a project there";
}

TEST_F(OwnCommandOfTheWheel, IsAPathOutsideAnActiveEnvironment) {
  installed_in("shop/.venv");
  EXPECT_EQ(command(), "ktx") << "the environment is active";
  environment.variables.erase("PATH");
  EXPECT_EQ(command(), ".venv/bin/ktx");
  installed_in("a $dir/env");
  environment.variables.erase("PATH");
  EXPECT_EQ(command(), quoted(launcher));
}

TEST_F(OwnCommandOfTheWheel, IsTheModuleWherePythonStartedIt) {
  installed_in("shop/tgt");
  environment.variables["KTX_LAUNCHER"] = "PYTHONPATH=/tgt python3 -m kaelio_ktx_cli";
  EXPECT_EQ(command(), "PYTHONPATH=/tgt python3 -m kaelio_ktx_cli");
}

TEST_F(OwnCommand, IsKtxForAProgramThatNoLauncherStarted) {
  environment.executable = root / "usr/lib/ktx/bin/ktx";
  EXPECT_EQ(command(), "ktx") << "the variable is that of another ktx";
  environment.variables.erase("KTX_LAUNCHER");
  EXPECT_EQ(command(), "ktx");
}

TEST(WithOwnCommand, ReplacesTheWordInCommandLinesAlone) {
  const auto worded = [](const char* text) { return with_own_command(text, "npx ktx"); };
  EXPECT_EQ(worded("Run: ktx runtime install --yes"), "Run: npx ktx runtime install --yes");
  EXPECT_EQ(worded("ktx sl list shows them; `ktx help`, ktx --help."),
            "npx ktx sl list shows them; `npx ktx help`, npx ktx --help.");
  for (const char* same : {"This ktx has no plugin", "/opt/ktx sl list", "ktx slow", "ktx -- ktx", "ktx",
                           "npx ktx sl list", "KTX Python runtime", "the folder ktx-demo"}) {
    EXPECT_EQ(worded(same), same);
  }
  EXPECT_EQ(worded(worded("ktx sql").c_str()), "npx ktx sql");
  EXPECT_EQ(with_own_command("ktx setup; ktx wiki list", "npx @kaelio/ktx"),
            "npx @kaelio/ktx setup; npx @kaelio/ktx wiki list");
  EXPECT_EQ(with_own_command("ktx sl list", "ktx"), "ktx sl list");
}

}  // namespace
}  // namespace ktx::app
