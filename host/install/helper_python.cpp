#include "helper_python.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

#include "command_fault.hpp"
#include "ktx/runtime/child_environment.hpp"
#include "ktx/runtime/python_discovery.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/json.hpp"
#include "ktx/util/text.hpp"

namespace ktx::runtime {
namespace {

namespace fs = std::filesystem;

// Distributions that remove ensurepip's bundled wheels keep them where WHEEL_PKG_DIR says.
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

// The wheel is put on the path by hand, because isolated mode (-I) ignores PYTHONPATH.
constexpr const char* wheel_pip_script =
    "import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); runpy.run_module('pip', run_name='__main__')";

// {24, 2} for "24.2"; what follows the numbers does not matter.
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
  // -I keeps PYTHON* and the working directory from replacing a module of pip.
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
    return std::nullopt;  // not a Python; there may be others
  }
}

std::optional<HelperPython> find_helper_python(CommandRunner& runner, const Environment& environment,
                                               const Layout& layout,
                                               const std::optional<std::string>& requested) {
  std::vector<PythonCandidate> candidates = discover_pythons(environment, layout);
  // A version or a name is among the discovered ones, if it exists.
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

namespace {

constexpr const char* pack_script = R"(
import os, sys, zipfile
folder, target = sys.argv[1:]
with zipfile.ZipFile(target, 'x', zipfile.ZIP_STORED, strict_timestamps=False) as archive:
    for where, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(where, name)
            archive.write(path, os.path.relpath(path, folder))
)";

constexpr const char* unpack_archive_script = R"(
import stat, sys, zipfile
source, target = sys.argv[1:]
try:
    with zipfile.ZipFile(source) as archive:
        for entry in archive.infolist():
            name = entry.orig_filename
            parts = name.split('/')
            if (name.startswith('/') or '\\' in name or ':' in name or '\0' in name or '..' in parts
                    or stat.S_ISLNK(entry.external_attr >> 16)):
                sys.exit('it has an unsafe entry: ' + ascii(name))
        archive.extractall(target)
except zipfile.BadZipFile as error:
    sys.exit('it is no sound zip archive: %s' % error)
)";

std::string reason(const CommandResult& result) {
  if (const auto fault = fault_in(result.err, {})) return fault->message;
  return result.err.empty() ? result.describe() : std::string(last_line(result.err));
}

}  // namespace

CommandResult Archiver::run(const char* script, const fs::path& from, const fs::path& to) const {
  return runner.run(
      {.argv = {python.executable.string(), "-I", "-S", "-c", script, from.string(), to.string()},
       .environment = python_environment(environment),
       .directory = "/",
       .time_limit = std::chrono::minutes(15)});
}

void Archiver::pack(const fs::path& folder, const fs::path& archive) const {
  const CommandResult result = run(pack_script, folder, archive);
  if (result.succeeded()) return;
  throw Error(ErrorKind::io, "Cannot write " + archive.string() + ": " + reason(result));
}

void Archiver::unpack(const fs::path& archive, const fs::path& folder) const {
  const CommandResult result = run(unpack_archive_script, archive, folder);
  if (result.succeeded()) return;
  throw Error(ErrorKind::install, "Cannot unpack the bundle " + archive.string() + ": " + reason(result),
              "Copy the bundle here again, or make a new one: ktx runtime bundle <path>");
}

namespace {

// The text between the last `start` and the next `end`; empty if there is no `start`.
std::string_view between_last(std::string_view text, std::string_view start, std::string_view end) {
  const std::size_t at = text.rfind(start);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + start.size());
  return text.substr(0, text.find(end));
}

std::string_view without_blanks(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

void append_links(std::vector<std::string>& arguments, const std::vector<std::string>& links) {
  for (const std::string& link : links) arguments.insert(arguments.end(), {"--find-links", link});
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find(separator));
    if (!part.empty()) parts.emplace_back(part);
    text.remove_prefix(std::min(part.size() + 1, text.size()));
  }
  return parts;
}

std::vector<std::string> arguments(const Environment& environment, const PipDownload& download) {
  std::vector<std::string> words = download.python.pip();
  words.insert(words.end(),
               {"download", "--no-deps", "--require-hashes", "--no-binary", ":none:", "--only-binary",
                ":all:", "--no-input", "--disable-pip-version-check", "--no-color", "--progress-bar", "off",
                "--dest", download.destination.string(), "-r", download.requirements.string()});
  append_links(words, download.find_links);
  // As arguments, because pip's own variable is split at blanks, which folders may contain.
  if (const auto links = environment.variable("UV_FIND_LINKS")) append_links(words, split(*links, ','));
  if (download.no_index) words.emplace_back("--no-index");
  return words;
}

// One line about a pip that failed.
std::string describe_pip_failure(const CommandResult& result,
                                 const std::map<std::string, std::string>& variables) {
  if (result.end != CommandResult::End::exited) return "pip: " + result.describe();
  const std::string text = result.out + result.err;
  // pip's own text is many lines long and suggests to update the hashes.
  if (text.find("DO NOT MATCH THE HASHES") != std::string::npos) {
    return "the package index offers a file whose SHA-256 is not one of those that ktx pins (it is " +
           std::string(without_blanks(between_last(text, " Got ", "\n"))) + "); nothing of it was kept";
  }
  const std::string_view error = without_blanks(between_last(text, "ERROR: ", "\n"));
  std::string line = "pip: " + (error.empty() ? result.describe() : std::string(error));
  // pip's last line names the package that it could not get; the reason is in earlier lines.
  if (const auto fault = fault_in(text, variables)) return fault->message + "; " + line;
  if (text.find("(from versions: none)") != std::string::npos) {
    line += " (the package index did not answer, or has none for this Python)";
  }
  return line;
}

}  // namespace

std::optional<std::string> pip_download(CommandRunner& runner, const Environment& environment,
                                        const PipDownload& download) {
  const auto variables = pip_environment(environment);
  const CommandResult result = runner.run({.argv = arguments(environment, download),
                                           .environment = variables,
                                           .directory = download.destination,
                                           .time_limit = download.time_limit});
  if (result.succeeded()) return std::nullopt;
  return describe_pip_failure(result, variables);
}

}  // namespace ktx::runtime
