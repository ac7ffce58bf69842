#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "ktx/install/install.hpp"
#include "ktx/runtime/child_environment.hpp"
#include "ktx/runtime/environment_link.hpp"
#include "ktx/runtime/python_discovery.hpp"
#include "ktx/runtime/status.hpp"
#include "ktx/util/filesystem.hpp"
#include "runtime_fixture.hpp"
#include "wheel_script.hpp"

namespace ktx::test {

/// Runs real processes, and calls `before` ahead of each one.
class WatchedRunner : public CommandRunner {
 public:
  CommandResult run(const Command& command) override {
    commands.push_back(command);
    if (before) before(commands.size());
    return runner_.run(command);
  }

  std::vector<Command> commands;
  std::function<void(std::size_t number)> before;

 private:
  ProcessRunner runner_;
};

/// Runs `body` in a process of its own, so that it may die; its exit code, 128 and the signal that ended it.
inline int in_process(const std::function<int()>& body) {
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(body());
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/// Installs for real: this machine's uv and newest fit Python, a tiny wheel, no network.
class InstallFixture : public RuntimeFixture {
 public:
  InstallFixture() {
    const auto variables = environment.variables;
    environment.variables = Environment::current().variables;
    environment.home = Environment::current().home;
    for (const auto& [name, value] : variables) environment.variables[name] = value;
    const char* uv = std::getenv("KTX_TEST_UV");
    if (uv == nullptr)
      throw std::runtime_error("KTX_TEST_UV is not set: configure with -DKTX_UV=<path of uv>");
    environment.variables["KTX_UV"] = uv;
    environment.variables["UV_CACHE_DIR"] = (directory / "uv-cache").string();
    environment.variables.erase("KTX_PYTHON");
    python = newest_python();
    environment.variables["KTX_PYTHON"] = python.string();
    use_wheel("0.1.0");
  }

  /// Makes the bundled wheel one of that version, with these locked requirements.
  void use_wheel(const std::string& version, const std::string& core = "# none\n",
                 const std::string& embeddings = "# none either\n") {
    wheel_name = make_wheel("kaelio_ktx", version);
    write_asset(read_file(directory / wheel_name), core, embeddings);
  }

  /// Replaces uv by a script whose answer to all but `--version` is `body`.
  void replace_uv(const std::string& body) {
    const auto path = directory / "fake-uv";
    write_file(path, "#!/bin/sh\nif [ \"$1\" = --version ]; then echo uv 0.9.0; exit; fi\n" + body + "\n");
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    environment.variables["KTX_UV"] = path.string();
  }

  /// Writes a wheel into the fixture's directory and returns its file name.
  std::string make_wheel(const std::string& name, const std::string& version) {
    const CommandResult result =
        runner.run({.argv = {python.string(), "-c", wheel_script, directory.path().string(), name, version},
                    .environment = environment.variables});
    if (!result.succeeded()) throw std::runtime_error(result.err);
    runner.commands.clear();
    return name + "-" + version + "-py3-none-any.whl";
  }

  runtime::InstallServices services() {
    return {.environment = environment,
            .runner = runner,
            .loads = loads,
            .verify = [this](const runtime::Interpreter& interpreter) { verify(interpreter); },
            .progress = [this](const runtime::InstallProgress& now) { progress.push_back(now); },
            .notice = [this](const std::string& text) { notices.push_back(text); }};
  }

  runtime::InstallResult install(const runtime::InstallRequest& request) {
    return runtime::install(layout, request, services());
  }

  static runtime::InstallRequest core_request(bool force = false) {
    return {.features = {runtime::Feature::core}, .force = force, .offline = true, .python = {}};
  }

  /// Imports the package with the search paths of the description, as ktx itself would.
  void verify(const runtime::Interpreter& interpreter) {
    std::string script =
        "import sys; sys.path[:] = sys.argv[1:]; import ktx_daemon.__main__, kaelio_ktx_package";
    Command command{.argv = {interpreter.executable.string(), "-I", "-S", "-c", script}, .environment = {}};
    for (const auto& path : interpreter.search_paths) command.argv.push_back(path.string());
    const CommandResult result = ProcessRunner().run(command);
    if (!result.succeeded()) throw Error(ErrorKind::install, "verify: " + result.describe() + result.err);
  }

  /// Whether the status is ready and the described environment really loads.
  bool works() {
    const runtime::Status status = runtime::runtime_status(layout);
    if (status.kind != runtime::StatusKind::ready) return false;
    verify(status.receipt->interpreter);
    return ProcessRunner().run({.argv = {layout.daemon_path.string()}}).out == "daemon\n";
  }

  /// The names in a directory that start with `prefix`.
  static std::vector<std::string> names(const std::filesystem::path& path, const std::string& prefix) {
    std::vector<std::string> found;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(path, ignored)) {
      if (entry.path().filename().string().starts_with(prefix)) found.push_back(entry.path().filename());
    }
    return found;
  }

  /// Whether no install left anything beside one environment (or none).
  bool is_tidy(std::size_t environments) const {
    return names(layout.version_dir, "env-").size() == environments &&
           names(layout.version_dir, ".venv-").empty() &&
           names(layout.version_dir, "manifest.json.").empty() &&
           names(layout.own_dir, "").size() == names(layout.own_dir, "locks").size();
  }

  WatchedRunner runner;
  std::filesystem::path python;
  std::vector<runtime::InstallProgress> progress;
  std::vector<std::string> notices;

 private:
  std::filesystem::path newest_python() {
    const auto search = runtime::search_interpreters({environment, layout, runner, loads}, {});
    if (!search.best) throw runtime::no_interpreter(environment, layout, search, {});
    return search.best->facts.executable;
  }

  /// Loads the library in a process of its own.
  runtime::LibraryCheck loads = [this](const std::filesystem::path& library) -> std::optional<std::string> {
    const CommandResult result =
        runner.run({.argv = {"/usr/bin/env", "python3", "-c", "import ctypes, sys; ctypes.CDLL(sys.argv[1])",
                             library.string()},
                    .environment = runtime::python_environment(environment)});
    if (result.succeeded()) return std::nullopt;
    return result.err;
  };
};

}  // namespace ktx::test
