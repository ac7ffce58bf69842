#include "python_choice.hpp"

#include <charconv>
#include <filesystem>
#include <optional>
#include <set>
#include <string_view>

#include "command_fault.hpp"
#include "ktx/install/preflight.hpp"
#include "ktx/install/uv.hpp"
#include "ktx/runtime/child_environment.hpp"
#include "ktx/runtime/python_discovery.hpp"
#include "ktx/util/access.hpp"
#include "ktx/util/error.hpp"

namespace ktx::runtime {
namespace {

FitPython find_python(const Layout& layout, const std::optional<std::string>& requested,
                      const InstallRequest& request, const InstallServices& services, const Uv& uv) {
  const InterpreterSearchContext context{services.environment, layout, services.runner, services.loads,
                                         request.python_minors};
  InterpreterSearch search = search_interpreters(context, requested);
  const auto version = fetchable_version(layout, requested);
  if (!search.best && version && !request.offline) {
    if (services.progress) services.progress({.step = "Downloading Python " + *version});
    const auto failure = fetch_python(layout, services, uv, *version);
    if (!failure) search = search_interpreters(context, requested);
    if (failure) search.rejected.push_back({"uv python install " + *version, {}, *failure});
  }
  if (!search.best) throw no_interpreter(services.environment, layout, search, requested);
  return *std::move(search.best);
}

// 12 for "3.12" and "3.12.1", 0 for any other text.
int requested_minor(std::string_view text) {
  int minor = 0;
  if (!text.starts_with("3.") || text.find_first_not_of("0123456789.") != std::string_view::npos) return 0;
  std::from_chars(text.data() + 2, text.data() + text.size(), minor);
  return minor;
}

// Whether others may use what is installed here: a root that is not in this user's home, and that all may
// enter.
bool is_for_all(const Layout& layout, const Environment& environment) {
  const std::string home = (environment.home / "").string();
  return !layout.runtime_root.string().starts_with(home) &&
         is_open_to_all(nearest_existing(layout.runtime_root));
}

// Tells of a Python that only this user may reach, in a runtime that others may want to use.
void warn_of_private_python(const Layout& layout, const FitPython& python, const InstallRequest& request,
                            const InstallServices& services) {
  const auto& executable = python.facts.executable;
  if (!services.notice || !is_for_all(layout, services.environment)) return;
  if (is_open_to_all(executable) && is_open_to_all(python.libpython)) return;
  const InterpreterSearchContext context{services.environment, layout, services.runner, services.loads,
                                         request.python_minors};
  constexpr const char* common = "/usr/bin/python3";
  const bool fits = is_open_to_all(common) && search_interpreters(context, common).best;
  services.notice(
      "Other users may not read " + executable.string() +
      ", so this runtime is of no use to them. If they need it: ktx runtime install --yes --python " +
      (fits ? common : "<a Python that all may read>"));
}

ChosenPython choose(const Layout& layout, const std::string& remembered, const InstallRequest& request,
                    const InstallServices& services, const Uv& uv) {
  const auto requested = requested_interpreter(services.environment, request.python);
  if (requested || remembered.empty()) {
    return {find_python(layout, requested, request, services, uv), requested.value_or("")};
  }
  try {
    return {find_python(layout, remembered, request, services, uv), remembered};
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::interpreter) throw;
    // A repair must not fail because a Python was uninstalled that the user named once.
    if (services.notice) services.notice(error.message() + ", so another is used");
    return {find_python(layout, std::nullopt, request, services, uv), ""};
  }
}

}  // namespace

ChosenPython choose_python(const Layout& layout, const std::string& remembered, const InstallRequest& request,
                           const InstallServices& services, const Uv& uv) {
  ChosenPython chosen = choose(layout, remembered, request, services, uv);
  warn_of_private_python(layout, chosen.python, request, services);
  return chosen;
}

std::optional<std::string> fetchable_version(const Layout& layout,
                                             const std::optional<std::string>& requested) {
  const std::set<int> minors = plugin_minors(layout.plugin_dir);
  // uv has versions that this ktx has no plugin for.
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
