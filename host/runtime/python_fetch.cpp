#include "python_fetch.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <string_view>

#include "ktx/runtime/child_environment.hpp"
#include "ktx/runtime/python_discovery.hpp"

namespace ktx::runtime {
namespace {

/// 13 for "ktx-plugin-cp313.so", 0 for any other name.
int plugin_minor(std::string_view file) {
  constexpr std::string_view start = "ktx-plugin-cp3";
  int minor = 0;
  if (!file.starts_with(start) || !file.ends_with(".so")) return 0;
  std::from_chars(file.data() + start.size(), file.data() + file.size(), minor);
  return minor;
}

}  // namespace

std::optional<std::string> fetchable_version(const Layout& layout,
                                             const std::optional<std::string>& requested) {
  if (requested) {
    const bool version = requested->find_first_not_of("0123456789.") == std::string::npos;
    return version ? requested : std::nullopt;
  }
  int newest = 0;
  std::error_code ignored;
  for (std::filesystem::directory_iterator at(layout.plugin_dir, ignored), end; at != end;
       at.increment(ignored)) {
    newest = std::max(newest, plugin_minor(at->path().filename().string()));
  }
  return newest > 0 ? std::optional("3." + std::to_string(newest)) : std::nullopt;
}

bool fetch_python(const Layout& layout, const InstallServices& services, const Uv& uv,
                  const std::string& version) {
  auto variables = uv_environment(services.environment, layout.tools_dir / "cache");
  variables["UV_PYTHON_INSTALL_DIR"] = own_python_dir(layout).string();
  variables["UV_PYTHON_INSTALL_BIN"] = "0";  // nothing outside ktx's own folder
  return services.runner
      .run({.argv = {uv.executable.string(), "python", "install", "--no-config", version},
            .environment = std::move(variables),
            .directory = "/",
            .time_limit = std::chrono::minutes(10)})
      .succeeded();
}

}  // namespace ktx::runtime
