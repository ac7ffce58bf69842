#include "faults_fixture.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "fake_command_runner.hpp"
#include "ktx/runtime/inventory.hpp"
#include "ktx/runtime/status.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/text.hpp"
#include "python_facts.hpp"

namespace ktx::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* site_packages = "lib/python3.13/site-packages";
constexpr const char* module_text = "x = 1\n";

void create_environment(const fs::path& prefix) {
  write_file(prefix / "bin/python", "");
  fs::create_directories(prefix / site_packages);
}

void install_wheel(const fs::path& prefix) {
  write_file(prefix / "bin/ktx-daemon", "");
  write_file(prefix / site_packages / "module.py", module_text);
  write_file(prefix / site_packages / "module-1.dist-info/RECORD",
             "module.py,sha256=" + base64url(sha256(module_text)) + ",6\nmodule-1.dist-info/RECORD,,\n");
}

/// What docs/errors.md says helps with an error of that kind; empty when it does not know the kind.
std::string documented_help(ErrorKind kind) {
  const std::string page = read_file(KTX_ERRORS_PAGE);
  const std::string start = "\n| `" + std::string(id(kind)) + "` | ";
  const std::size_t row = page.find(start);
  if (row == std::string::npos) return {};
  const std::size_t meaning_end = page.find(" | ", row + start.size());
  const std::size_t end = page.find(" |\n", row + start.size());
  return meaning_end < end ? page.substr(meaning_end + 3, end - meaning_end - 3) : std::string();
}

/// What is wrong with an error that a user gets to see; empty when nothing is.
std::string complaint_about(const Error& error) {
  const std::string& message = error.message();
  const std::string whole = std::string(id(error.kind())) + ": " + message;
  if (error.kind() == ErrorKind::internal) return "a fault of the system is no defect of ktx: " + whole;
  if (message.find('/') == std::string::npos && !message.starts_with("Cannot ")) {
    return "neither a path nor what failed: " + whole;
  }
  if (error.fix().empty() && documented_help(error.kind()).empty()) return "nothing that helps: " + whole;
  return {};
}

}  // namespace

CommandResult FakeTools::run(const Command& command) {
  if (FaultInjection::is_living()) {
    CommandResult process = ProcessRunner().run({.argv = {"/bin/true"}});
    if (!process.succeeded()) return process;
  }
  try {
    return answer(command);
  } catch (const std::runtime_error& error) {
    return exited(1, "", error.what());
  }
}

CommandResult FakeTools::answer(const Command& command) const {
  const auto has = [&](std::string_view word) {
    return std::ranges::find(command.argv, word) != command.argv.end();
  };
  const fs::path last = command.argv.back();
  if (has("--version")) return exited(0, "uv 0.9.0\n");
  if (has("venv")) create_environment(last);
  if (has("pip") && !has("-r")) {
    const fs::path python = *(std::ranges::find(command.argv, "--python") + 1);
    install_wheel(python.parent_path().parent_path());
  }
  if (!has("-c")) return exited(0);
  Json facts = python_answer(base_prefix_.string());
  if (last.is_absolute()) facts["searchPaths"].push_back((last / site_packages).string());
  return exited(0, facts.dump());
}

FaultsFixture::FaultsFixture() {
  write_file(base_prefix_ / "lib/libpython3.13.so.1.0", "library");
  write_file(base_prefix_ / "bin/python3", "");
  fs::create_directories(base_prefix_ / "lib/python3.13");
  const fs::path uv = directory.write("uv", "");
  fs::permissions(uv, fs::perms::owner_all);
  environment.variables["KTX_UV"] = uv.string();
  environment.variables["KTX_PYTHON"] = (base_prefix_ / "bin/python3").string();
}

void FaultsFixture::install(bool force) {
  const runtime::InstallServices services{.environment = environment,
                                          .runner = tools_,
                                          .loads = [](const auto&) { return std::nullopt; },
                                          .verify = [](const auto&) {},
                                          .progress = {},
                                          .notice = {}};
  runtime::install(layout, {.features = {runtime::Feature::core}, .force = force, .python = {}}, services);
}

Attempt FaultsFixture::attempt(const Fault& fault, const std::function<void()>& action) {
  Attempt attempt;
  const FaultInjection injection(fault);
  try {
    action();
    attempt.has_succeeded = true;
  } catch (const Error& error) {
    attempt.complaint = complaint_about(error);
  } catch (const std::exception& error) {
    attempt.complaint = std::string("no ktx::Error: ") + error.what();
  }
  attempt.failed = injection.failed();
  return attempt;
}

bool FaultsFixture::works() const {
  const runtime::Status status = runtime::runtime_status(layout);
  if (status.kind != runtime::StatusKind::ready) return false;
  const fs::path environment_dir = layout.environment_dir(status.receipt->environment);
  return read_file_if_exists(environment_dir / site_packages / "module.py") == module_text &&
         runtime::check_inventory(environment_dir, status.receipt->inventory_sha256).differences.empty();
}

std::string FaultsFixture::status() const {
  const runtime::Status status = runtime::runtime_status(layout);
  return std::string(runtime::name(status.kind)) + ": " + status.detail;
}

std::string FaultsFixture::leftovers() const {
  const runtime::Status status = runtime::runtime_status(layout);
  std::set<fs::path> expected = {layout.version_dir,      layout.own_dir,  layout.manifest_path,
                                 layout.install_log_path, layout.venv_dir, layout.locks_dir,
                                 layout.tools_dir};
  if (status.receipt) expected.insert(layout.environment_dir(status.receipt->environment));
  std::string found;
  for (const fs::path& folder : {layout.runtime_root, layout.version_dir, layout.own_dir}) {
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (!expected.contains(entry.path())) found += entry.path().string() + "\n";
    }
  }
  return found;
}

void FaultsFixture::expect_recovery() {
  install();
  EXPECT_TRUE(works()) << status();
  install(true);
  EXPECT_TRUE(works()) << status();
  EXPECT_EQ(leftovers(), "");
  EXPECT_EQ(fs::read_symlink(layout.venv_dir), runtime::runtime_status(layout).receipt->environment);
}

}  // namespace ktx::test
