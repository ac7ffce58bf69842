#include "uv_fetch.hpp"

#include <sys/stat.h>

#include <system_error>

#include "helper_python.hpp"
#include "ktx/runtime/child_environment.hpp"
#include "ktx/runtime/interpreter_choice.hpp"
#include "ktx/runtime/preflight.hpp"
#include "ktx/util/digest.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/text.hpp"
#include "pip_download.hpp"

namespace ktx::runtime {
namespace {

namespace fs = std::filesystem;

/// Takes the program out of its wheel: argv is the wheel, the program's name and where it goes.
constexpr const char* unpack_wheel_script = R"(
import shutil, sys, zipfile
wheel, name, target = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    names = [entry for entry in archive.namelist() if entry.endswith('.data/scripts/' + name)]
    if len(names) != 1:
        sys.exit('the wheel has no ' + name)
    with archive.open(names[0]) as source, open(target, 'xb') as copy:
        shutil.copyfileobj(source, copy)
)";

Error unfetched(const std::string& reason) {
  const Error missing = missing_uv();
  return {ErrorKind::uv, missing.message(), missing.fix(), {"ktx could not fetch uv by itself: " + reason}};
}

bool may_fetch(const InstallRequest& request, const VerifiedAsset& asset) {
  const bool has_source = !request.offline || !request.find_links.empty() || request.bundle;
  return has_source && !asset.uv_requirements.empty();
}

fs::path only_file(const fs::path& directory) {
  fs::path found;
  std::error_code ignored;
  for (fs::directory_iterator at(directory, ignored), end; at != end; at.increment(ignored)) {
    if (!found.empty()) throw unfetched("pip left more than one file");
    found = at->path();
  }
  if (found.empty()) throw unfetched("pip left no file");
  return found;
}

/// pip has compared the digest too; this does not take its word for it.
void require_pinned(const fs::path& wheel, const std::string& requirements) {
  const std::string digest = hex(sha256_of_file(wheel));
  if (requirements.find("--hash=sha256:" + digest) != std::string::npos) return;
  throw unfetched(wheel.filename().string() + " has the SHA-256 " + digest +
                  ", which is not one of those that ktx pins; nothing of it was kept");
}

fs::path download(const InstallRequest& request, const InstallServices& services, const HelperPython& python,
                  const VerifiedAsset& asset, const fs::path& staging) {
  const fs::path requirements = staging / "requirements-uv.txt";
  write_file_atomically(requirements, asset.uv_requirements, S_IRUSR | S_IWUSR);
  const fs::path destination = staging / "uv-wheel";
  make_directories(destination);
  const auto failure = pip_download(services.runner, services.environment,
                                    {.python = python,
                                     .requirements = requirements,
                                     .destination = destination,
                                     .no_index = request.offline,
                                     .find_links = request.find_links});
  if (failure) throw unfetched(*failure);
  fs::path wheel = only_file(destination);
  require_pinned(wheel, asset.uv_requirements);
  return wheel;
}

fs::path unpack(const InstallServices& services, const HelperPython& python, const fs::path& wheel,
                const std::string& name) {
  fs::path program = wheel.parent_path().parent_path() / name;
  const CommandResult result =
      services.runner.run({.argv = {python.executable.string(), "-I", "-S", "-c", unpack_wheel_script,
                                    wheel.string(), name, program.string()},
                           .environment = python_environment(services.environment),
                           .directory = "/",
                           .time_limit = std::chrono::minutes(2)});
  if (!result.succeeded()) {
    throw unfetched("unpacking " + wheel.filename().string() + ": " +
                    (result.err.empty() ? result.describe() : std::string(last_line(result.err))));
  }
  if (::chmod(program.c_str(), 0755) != 0)
    throw system_error("Cannot make executable", program.string(), errno);
  return program;
}

}  // namespace

std::optional<Uv> present_uv(const Layout& layout, const InstallRequest& request,
                             const InstallServices& services, const VerifiedAsset& asset) {
  const auto path = locate_uv(services.environment, layout);
  if (!path && !may_fetch(request, asset)) throw missing_uv();
  if (!path) return std::nullopt;
  try {
    return ask_uv(*path, services.environment, services.runner);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::uv || *path != own_uv_path(layout) || !may_fetch(request, asset)) throw;
    return std::nullopt;
  }
}

Uv fetch_uv(const Layout& layout, const InstallRequest& request, const InstallServices& services,
            const VerifiedAsset& asset, const fs::path& staging) {
  if (services.progress) services.progress({.step = "Downloading uv"});
  const auto python = find_helper_python(services.runner, services.environment, layout,
                                         requested_interpreter(services.environment, request.python));
  if (!python || python->pip_version.empty()) {
    throw unfetched("no Python on this machine (3.8 or later) has pip or ensurepip");
  }
  const fs::path wheel = download(request, services, *python, asset, staging);
  const fs::path program = unpack(services, *python, wheel, own_uv_path(layout).filename().string());
  const Uv fetched = ask_uv(program, services.environment, services.runner);
  const fs::path home = own_uv_path(layout);
  make_directories(home.parent_path());
  std::error_code failure;
  fs::rename(program, home, failure);
  if (failure) throw unfetched("it cannot be moved to " + home.string() + ": " + failure.message());
  sync_directory(home.parent_path());
  return {home, fetched.version};
}

}  // namespace ktx::runtime
