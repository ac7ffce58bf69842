#include "ktx/install/uv.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <optional>
#include <system_error>

#include "helper_python.hpp"
#include "ktx/install/preflight.hpp"
#include "ktx/runtime/child_environment.hpp"
#include "ktx/runtime/python_discovery.hpp"
#include "ktx/runtime/system_package.hpp"
#include "ktx/util/digest.hpp"
#include "ktx/util/environment.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/text.hpp"

namespace ktx::runtime {
namespace {

namespace fs = std::filesystem;

using UvVersion = std::array<unsigned int, 3>;

// The oldest version with every option that the install uses.
constexpr UvVersion oldest_version = {0, 5, 0};
constexpr const char* oldest_version_text = "0.5.0";

std::optional<UvVersion> parse_version(const std::string& text) {
  UvVersion version{};
  if (std::sscanf(text.c_str(), "uv %u.%u.%u", version.data(), &version[1], &version[2]) != 3) {
    return std::nullopt;
  }
  return version;
}

std::string program_name(Platform platform) { return platform == Platform::windows ? "uv.exe" : "uv"; }

}  // namespace

std::optional<fs::path> locate_uv(const Environment& environment, const Layout& layout) {
  // Set by hand, so a wrong path is an error: no other uv is taken in silence.
  if (const auto chosen = environment.variable("KTX_UV")) {
    const fs::path path = environment.directory / *chosen;
    if (is_executable_file(path)) return path;
    throw Error(ErrorKind::uv, "KTX_UV names no executable file: " + *chosen,
                "Set KTX_UV to the path of uv, or unset it");
  }
  if (auto found = find_program(environment, program_name(layout.platform))) return found;
  const fs::path own = own_uv_path(layout);
  return is_executable_file(own) ? std::optional(own) : std::nullopt;
}

Error missing_uv() {
  return {
      ErrorKind::uv,
      "uv is required to install the KTX Python runtime. Install uv and retry: ktx runtime install --yes",
      "Install uv with your package manager, with `pipx install uv` or with `brew install uv`; set KTX_UV "
      "when it is not on PATH"};
}

fs::path own_uv_path(const Layout& layout) {
  return layout.tools_dir / "bin" / program_name(layout.platform);
}

Uv find_uv(const Environment& environment, const Layout& layout, CommandRunner& runner) {
  const auto path = locate_uv(environment, layout);
  if (!path) throw missing_uv();
  return ask_uv(*path, environment, runner);
}

Uv ask_uv(const fs::path& path, const Environment& environment, CommandRunner& runner) {
  const CommandResult result = runner.run({.argv = {path.string(), "--version"},
                                           .environment = uv_environment(environment, {}),
                                           .directory = "/",
                                           .time_limit = std::chrono::seconds(10)});
  const std::string fix = "Install a uv of version " + std::string(oldest_version_text) +
                          " or newer, or set KTX_UV to one, and retry: ktx runtime install --yes";
  if (!result.succeeded()) {
    throw Error(ErrorKind::uv, "uv does not work: " + path.string() + ": " + result.describe(), fix);
  }
  Uv uv{path, std::string(first_line(result.out))};
  const auto version = parse_version(uv.version);
  if (!version) {
    throw Error(ErrorKind::uv, "This is not uv: " + path.string() + " answers \"" + uv.version + "\"", fix);
  }
  if (*version < oldest_version) {
    throw Error(ErrorKind::uv, "uv is too old: " + path.string() + " is \"" + uv.version + "\"", fix);
  }
  return uv;
}

namespace {

// Extracts the program from its wheel: argv is the wheel, the program's name and the target.
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

Error unfetched(const std::string& reason, const std::string& fix = {}) {
  const Error missing = missing_uv();
  return {ErrorKind::uv,
          missing.message(),
          fix.empty() ? missing.fix() : fix,
          {"ktx could not fetch uv by itself: " + reason}};
}

// A Python is needed in any case, and its pip brings uv.
Error without_pip(const Environment& environment) {
  const std::string packages = python_packages(environment);
  return unfetched(no_pip, packages.empty() ? ""
                                            : "Install a Python with pip and its shared library, " +
                                                  packages + ", then run: ktx runtime install --yes");
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

// pip has compared the digest too, but a file that is executed is not trusted on its word.
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
    // The user's own uv is not replaced: its error is reported. A broken copy of ktx's own is fetched anew.
    if (error.kind() != ErrorKind::uv || *path != own_uv_path(layout) || !may_fetch(request, asset)) throw;
    return std::nullopt;
  }
}

std::optional<Error> what_uv_lacks(const Layout& layout, const Environment& environment,
                                   CommandRunner& runner) {
  const auto python =
      find_helper_python(runner, environment, layout, requested_interpreter(environment, std::nullopt));
  if (python && !python->pip_version.empty()) return std::nullopt;
  return without_pip(environment);
}

Uv fetch_uv(const Layout& layout, const InstallRequest& request, const InstallServices& services,
            const VerifiedAsset& asset, const fs::path& staging) {
  if (services.progress) services.progress({.step = "Downloading uv"});
  const auto python = find_helper_python(services.runner, services.environment, layout,
                                         requested_interpreter(services.environment, request.python));
  if (!python || python->pip_version.empty()) {
    throw without_pip(services.environment);
  }
  const fs::path wheel = download(request, services, *python, asset, staging);
  const fs::path program = unpack(services, *python, wheel, own_uv_path(layout).filename().string());
  // Tried before it is moved: a uv that does not run must not take the place of one that may.
  const Uv fetched = ask_uv(program, services.environment, services.runner);
  const fs::path home = own_uv_path(layout);
  make_directories(home.parent_path());
  std::error_code failure;
  fs::rename(program, home, failure);
  if (failure) throw unfetched("it cannot be moved to " + home.string() + ": " + failure.message());
  sync_directory(home.parent_path());
  return {home, fetched.version};
}

namespace {

bool skip(std::string_view& text, std::string_view start) {
  if (!text.starts_with(start)) return false;
  text.remove_prefix(start.size());
  return true;
}

// Only letters, digits, '.', '_' and '-', because the name is shown on a terminal.
bool is_package_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-';
  });
}

// 15728640 for "15.0MiB".
std::optional<std::uint64_t> parse_size(std::string_view text) {
  double number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_sensible = number >= 0 && number < 1e6;
  if (parsed.ec != std::errc{} || !is_sensible) return std::nullopt;
  constexpr std::array<std::string_view, 4> units = {"B", "KiB", "MiB", "GiB"};
  const std::string_view unit(parsed.ptr, text.data() + text.size());
  const auto* const found = std::ranges::find(units, unit);
  if (found == units.end()) return std::nullopt;
  return static_cast<std::uint64_t>(
      std::llround(std::ldexp(number, 10 * static_cast<int>(found - units.begin()))));
}

}  // namespace

bool UvProgress::take(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return take_resolved(line) || take_downloading(line) || take_downloaded(line) || take_installed(line);
}

// "Resolved 33 packages in 342ms".
bool UvProgress::take_resolved(std::string_view line) {
  if (!skip(line, "Resolved ")) return false;
  std::size_t total = 0;
  const auto parsed = std::from_chars(line.data(), line.data() + line.size(), total);
  const std::string_view rest(parsed.ptr, line.data() + line.size());
  if (parsed.ec != std::errc{} || !rest.starts_with(" package")) return false;
  current_.total = total;
  return true;
}

// "Downloading numpy (15.0MiB)", "Downloading cpython-3.13.9-linux-x86_64-gnu (download) (31.1MiB)".
bool UvProgress::take_downloading(std::string_view line) {
  if (!skip(line, "Downloading ") || !line.ends_with(')')) return false;
  const auto open = line.rfind(" (");
  if (open == std::string_view::npos) return false;
  const auto bytes = parse_size(line.substr(open + 2, line.size() - open - 3));
  const std::string_view package = line.substr(0, line.find(' '));
  if (!bytes || !is_package_name(package)) return false;
  downloads_.push_back({std::string(package), *bytes});
  show_download();
  return true;
}

// " Downloaded numpy".
bool UvProgress::take_downloaded(std::string_view line) {
  if (!skip(line, " Downloaded ")) return false;
  const std::string_view package = line.substr(0, line.find(' '));
  const auto found = std::ranges::find(downloads_, package, &Download::package);
  if (found == downloads_.end()) return false;
  downloads_.erase(found);
  show_download();
  return true;
}

// " + numpy==2.5.5", " + kaelio-ktx==0.1.0 (from file:///…)".
bool UvProgress::take_installed(std::string_view line) {
  if (!skip(line, " + ")) return false;
  const std::string_view package = line.substr(0, line.find_first_of("= "));
  if (!is_package_name(package)) return false;
  current_.package = package;
  current_.bytes = 0;
  ++current_.done;
  return true;
}

void UvProgress::show_download() {
  const Download shown = downloads_.empty() ? Download{} : downloads_.back();
  current_.package = shown.package;
  current_.bytes = shown.bytes;
}

}  // namespace ktx::runtime
