#include "helper_python.hpp"

#include <charconv>
#include <string_view>

#include "ktx/runtime/child_environment.hpp"
#include "ktx/runtime/python_discovery.hpp"
#include "ktx/util/json.hpp"

namespace ktx::runtime {
namespace {

namespace fs = std::filesystem;

// Distributions that take ensurepip's wheels apart keep them where WHEEL_PKG_DIR says.
constexpr const char* helper_script = R"(
import json, os, sys, sysconfig

def bundled_pip():
    try:
        import ensurepip
    except ImportError:
        return ''
    folders = [os.path.join(os.path.dirname(ensurepip.__file__), '_bundled'),
               sysconfig.get_config_var('WHEEL_PKG_DIR') or '']
    return max((os.path.join(folder, name) for folder in folders if os.path.isdir(folder)
                for name in os.listdir(folder) if name.startswith('pip-') and name.endswith('.whl')),
               default='')

version, wheel = '', ''
if sys.version_info >= (3, 8):
    try:
        from pip import __version__ as version
    except ImportError:
        wheel = bundled_pip()
        version = os.path.basename(wheel).split('-')[1] if wheel else ''
print(json.dumps({'usable': sys.version_info >= (3, 8), 'pip': version, 'wheel': wheel}))
)";

// The wheel is put on the path by hand, because isolated mode leaves it out.
constexpr const char* wheel_pip_script =
    "import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); runpy.run_module('pip', run_name='__main__')";

/// {24, 2} for "24.2"; what follows the numbers does not matter.
std::vector<int> version_numbers(std::string_view text) {
  std::vector<int> numbers;
  for (int number = 0; !text.empty();) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) break;
    numbers.push_back(number);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (!text.starts_with('.')) break;
    text.remove_prefix(1);
  }
  return numbers;
}

}  // namespace

std::vector<std::string> HelperPython::pip() const {
  if (pip_wheel.empty()) return {executable.string(), "-I", "-m", "pip"};
  return {executable.string(), "-I", "-c", wheel_pip_script, pip_wheel.string()};
}

std::optional<HelperPython> ask_helper_python(CommandRunner& runner, const Environment& environment,
                                              const fs::path& executable) {
  const CommandResult result = runner.run({.argv = {executable.string(), "-I", "-c", helper_script},
                                           .environment = python_environment(environment),
                                           .directory = "/",
                                           .time_limit = std::chrono::seconds(20)});
  if (!result.succeeded()) return std::nullopt;
  try {
    const Json document = parse_json(result.out, "its answer", ErrorKind::interpreter);
    const JsonObject answer(document, "its answer", ErrorKind::interpreter);
    if (!answer.boolean("usable")) return std::nullopt;
    return HelperPython{executable, version_numbers(answer.string("pip")), answer.string("wheel")};
  } catch (const Error&) {
    return std::nullopt;  // it is no Python; there may be others
  }
}

std::optional<HelperPython> find_helper_python(CommandRunner& runner, const Environment& environment,
                                               const Layout& layout,
                                               const std::optional<std::string>& requested) {
  std::vector<PythonCandidate> candidates = discover_pythons(environment, layout);
  if (requested && requested->find('/') != std::string::npos) {
    candidates.insert(candidates.begin(), {environment.directory / *requested, "requested"});
  }
  std::optional<HelperPython> best;
  for (const PythonCandidate& candidate : candidates) {
    auto found = ask_helper_python(runner, environment, candidate.executable);
    if (found && (!best || found->pip_version > best->pip_version)) best = std::move(found);
  }
  return best;
}

}  // namespace ktx::runtime
