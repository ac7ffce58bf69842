#include "ktx/runtime/uv.hpp"

#include <array>
#include <cstdio>

#include "ktx/runtime/child_environment.hpp"
#include "ktx/util/environment.hpp"
#include "ktx/util/text.hpp"

namespace ktx::runtime {
namespace {

namespace fs = std::filesystem;

using UvVersion = std::array<unsigned int, 3>;

// The first with every option that the install uses.
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

}  // namespace ktx::runtime
