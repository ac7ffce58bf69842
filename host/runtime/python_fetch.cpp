#include "python_fetch.hpp"

#include <charconv>
#include <filesystem>
#include <set>
#include <string_view>

#include "command_fault.hpp"
#include "ktx/runtime/child_environment.hpp"
#include "ktx/runtime/python_discovery.hpp"
#include "ktx/runtime/uv_progress.hpp"

namespace ktx::runtime {
namespace {

/// 12 for "3.12" and "3.12.1", 0 for what is no such version.
int requested_minor(std::string_view text) {
  int minor = 0;
  if (!text.starts_with("3.") || text.find_first_not_of("0123456789.") != std::string_view::npos) return 0;
  std::from_chars(text.data() + 2, text.data() + text.size(), minor);
  return minor;
}

}  // namespace

std::optional<std::string> fetchable_version(const Layout& layout,
                                             const std::optional<std::string>& requested) {
  const std::set<int> minors = plugin_minors(layout.plugin_dir);
  if (requested) return minors.contains(requested_minor(*requested)) ? requested : std::nullopt;
  return minors.empty() ? std::nullopt : std::optional("3." + std::to_string(*minors.rbegin()));
}

std::optional<std::string> fetch_python(const Layout& layout, const InstallServices& services, const Uv& uv,
                                        const std::string& version) {
  auto variables = uv_environment(services.environment, layout.tools_dir / "cache");
  variables["UV_PYTHON_INSTALL_DIR"] = own_python_dir(layout).string();
  variables["UV_PYTHON_INSTALL_BIN"] = "0";  // nothing outside ktx's own folder
  UvProgress progress("Downloading Python " + version);
  const auto follow = [&](std::string_view line) {
    if (progress.take(line) && services.progress) services.progress(progress.current());
  };
  const CommandResult result =
      services.runner.run({.argv = {uv.executable.string(), "python", "install", "--no-config", version},
                           .environment = std::move(variables),
                           .directory = "/",
                           .time_limit = std::chrono::minutes(10),
                           .on_line = follow});
  if (result.succeeded()) return std::nullopt;
  return result.err.empty() ? result.describe() : uv_reason(result.err);
}

}  // namespace ktx::runtime
