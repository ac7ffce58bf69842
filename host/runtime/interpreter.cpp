#include "ktx/runtime/interpreter.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/util/digest.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/json.hpp"

namespace ktx::runtime {

FileIdentity identify(const std::filesystem::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) throw system_error("Cannot look at", path.string(), errno);
  constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;
  return {path, status.st_ino, static_cast<std::uint64_t>(status.st_size),
          status.st_mtim.tv_sec * nanoseconds_per_second + status.st_mtim.tv_nsec};
}

FileIdentity identify_bytes(const std::filesystem::path& path) {
  // The stat first: a file that changes while it is read has another time afterwards, and is not recognized.
  FileIdentity file = identify(path);
  file.sha256 = hex(sha256_of_file(path));
  return file;
}

std::optional<FileIdentity> recognize(const FileIdentity& trusted) {
  FileIdentity now = identify(trusted.path);
  now.sha256 = trusted.sha256;
  if (now == trusted) return now;
  const bool may_be_a_copy = now.size == trusted.size && !trusted.sha256.empty();
  if (!may_be_a_copy || hex(sha256_of_file(trusted.path)) != trusted.sha256) return std::nullopt;
  return now;
}

std::vector<std::filesystem::path> package_directories(const Interpreter& interpreter,
                                                       const std::filesystem::path& environment_dir) {
  // With a final '/', so that "env-1" does not match "env-12".
  const std::string below = (environment_dir / "").string();
  std::vector<std::filesystem::path> directories;
  for (const std::filesystem::path& path : interpreter.search_paths) {
    if (path.string().starts_with(below)) directories.push_back(path);
  }
  return directories;
}

namespace {

std::filesystem::path absolute_path(const JsonObject& object, std::string_view key) {
  std::filesystem::path path = object.string(key);
  if (!path.is_absolute()) throw object.wrong(key, "must be an absolute path");
  return path;
}

FileIdentity file_identity(const JsonObject& object) {
  return {absolute_path(object, "path"), object.count("inode"), object.count("size"),
          object.integer("mtimeNs"), object.has("sha256") ? object.non_empty_string("sha256") : ""};
}

Json file_json(const FileIdentity& file) {
  Json object = {
      {"path", file.path.string()}, {"inode", file.inode}, {"size", file.size}, {"mtimeNs", file.mtime_ns}};
  if (!file.sha256.empty()) object["sha256"] = file.sha256;
  return object;
}

std::vector<std::filesystem::path> search_paths(const JsonObject& object) {
  constexpr std::string_view key = "searchPaths";
  std::vector<std::filesystem::path> paths;
  for (const std::string& text : object.strings(key)) {
    if (!paths.emplace_back(text).is_absolute()) throw object.wrong(key, "must hold absolute paths only");
  }
  if (paths.empty()) throw object.wrong(key, "must not be empty");
  return paths;
}

}  // namespace

Json to_json(const Interpreter& interpreter) {
  Json search_paths = Json::array();
  for (const auto& path : interpreter.search_paths) search_paths.push_back(path.string());
  return {{"version", interpreter.version},
          {"tag", interpreter.tag},
          {"soabi", interpreter.soabi},
          {"executable", interpreter.executable.string()},
          {"prefix", interpreter.prefix.string()},
          {"baseExecutable", interpreter.base_executable.string()},
          {"basePrefix", interpreter.base_prefix.string()},
          {"libpython", file_json(interpreter.libpython)},
          {"searchPaths", std::move(search_paths)}};
}

Interpreter interpreter_from_json(const JsonObject& object) {
  return {.version = object.non_empty_string("version"),
          .tag = object.non_empty_string("tag"),
          .soabi = object.non_empty_string("soabi"),
          .executable = absolute_path(object, "executable"),
          .prefix = absolute_path(object, "prefix"),
          .base_executable = absolute_path(object, "baseExecutable"),
          .base_prefix = absolute_path(object, "basePrefix"),
          .libpython = file_identity(object.object("libpython")),
          .search_paths = search_paths(object)};
}

namespace {

// Run as `python -I -S -c <script> [<prefix>]`; prints one JSON object. It uses only what every Python 3
// understands, so that an old one is rejected for its version and not for a syntax error.
inline constexpr const char* probe_script = R"(
import json, os, sys, sysconfig

def present(values):
    return [value for value in values if value]

def libraries(variable):
    names = present([variable('INSTSONAME'), variable('LDLIBRARY')])
    names = [name for name in names if not name.endswith('.a')]
    # Another Python's library of the same name may lie there, so only for the system's own.
    multiarch = variable('MULTIARCH') if sys.base_prefix == '/usr' else None
    directories = present([
        os.path.join(sys.base_prefix, 'lib'), variable('LIBDIR'),
        multiarch and os.path.join('/usr/lib', multiarch), os.path.join(sys.base_prefix, 'lib64'),
        variable('LIBPL'), os.path.join(sys.base_exec_prefix, 'lib'), variable('PYTHONFRAMEWORKPREFIX')])
    return [os.path.join(directory, name) for directory in directories for name in names]

def packages(prefix):
    if not prefix:
        return []
    places = {'base': prefix, 'platbase': prefix}
    return [sysconfig.get_path(name, 'venv', places) for name in ('purelib', 'platlib')]

# Where it stands in its own installation. As the base of an environment, a Python that was moved since it
# was built does not find its standard library from a link elsewhere.
def at_home(executable):
    for name in (os.path.basename(executable), os.path.basename(os.path.realpath(executable))):
        path = os.path.join(sys.base_prefix, 'bin', name)
        if os.path.exists(path) and os.path.samefile(path, executable):
            return path
    return executable

def unique(values):
    return [value for i, value in enumerate(values) if value not in values[:i]]

prefix = sys.argv[1] if len(sys.argv) > 1 else ''
base = getattr(sys, '_base_executable', None) or sys.executable or ''
variable = sysconfig.get_config_var
standard = [path for path in sys.path if path and not path.endswith('.zip')]
print(json.dumps({
    'implementation': sys.implementation.name,
    'version': '.'.join(str(number) for number in sys.version_info[:3]),
    'numbers': list(sys.version_info[:3]),
    'soabi': variable('SOABI') or '',
    'freeThreaded': bool(variable('Py_GIL_DISABLED')),
    'debug': hasattr(sys, 'gettotalrefcount'),
    'executable': sys.executable or '',
    'baseExecutable': at_home(base) if base else '',
    'basePrefix': sys.base_prefix,
    'libraries': unique(libraries(variable)),
    'searchPaths': unique(standard + packages(prefix)),
}))
)";

std::vector<std::filesystem::path> paths(const JsonObject& object, std::string_view key) {
  std::vector<std::filesystem::path> values;
  for (std::string& text : object.strings(key)) values.emplace_back(std::move(text));
  return values;
}

// Python keeps each number of its version in a byte (PY_VERSION_HEX).
constexpr std::int64_t max_version_number = 255;

std::vector<int> version_numbers(const JsonObject& object) {
  std::vector<int> numbers;
  for (const Json& number : object.array("numbers")) {
    if (!number.is_number_integer()) throw object.wrong("numbers", "must hold integers only");
    const auto value = number.get<std::int64_t>();
    if (value < 0 || value > max_version_number) throw object.wrong("numbers", "must hold version numbers");
    numbers.push_back(static_cast<int>(value));
  }
  if (numbers.size() != 3) throw object.wrong("numbers", "must hold three numbers");
  return numbers;
}

PythonFacts facts_from_json(const JsonObject& object) {
  return {.implementation = object.non_empty_string("implementation"),
          .version = object.non_empty_string("version"),
          .numbers = version_numbers(object),
          .soabi = object.string("soabi"),
          .free_threaded = object.boolean("freeThreaded"),
          .debug = object.boolean("debug"),
          .executable = object.non_empty_string("executable"),
          .base_executable = object.non_empty_string("baseExecutable"),
          .base_prefix = object.non_empty_string("basePrefix"),
          .libraries = paths(object, "libraries"),
          .search_paths = paths(object, "searchPaths")};
}

// Why ktx cannot run this kind of Python; empty when it can, given its shared library.
std::string unfit_kind(const PythonFacts& facts, const std::filesystem::path& plugin_dir) {
  if (facts.implementation != "cpython") return "it is " + facts.implementation + ", not CPython";
  if (!path_exists(plugin_dir / ("ktx-plugin-" + facts.tag() + ".so"))) {
    return "this ktx has no plugin for Python " + std::to_string(facts.numbers[0]) + "." +
           std::to_string(facts.numbers[1]);
  }
  if (facts.free_threaded) return "it is a free-threaded build";
  if (facts.debug) return "it is a debug build";
  return {};
}

}  // namespace

std::string PythonFacts::tag() const {
  return "cp" + std::to_string(numbers.at(0)) + std::to_string(numbers.at(1));
}

ProbedPython probe_python(CommandRunner& runner, const std::filesystem::path& executable,
                          std::map<std::string, std::string> environment,
                          const std::filesystem::path& prefix) {
  // -I ignores PYTHON* and the working directory, -S skips site-packages and its .pth files, which may run
  // any code.
  Command command{.argv = {executable.string(), "-I", "-S", "-c", probe_script},
                  .environment = std::move(environment),
                  .directory = "/",
                  .time_limit = std::chrono::seconds(10)};
  if (!prefix.empty()) command.argv.push_back(prefix.string());
  const CommandResult result = runner.run(command);
  if (!result.succeeded()) return {std::nullopt, "it does not answer: " + result.describe()};
  try {
    const Json document = parse_json(result.out, "its answer", ErrorKind::interpreter);
    return {facts_from_json({document, "its answer", ErrorKind::interpreter}), {}};
  } catch (const Error& error) {
    return {std::nullopt, error.message()};
  }
}

JudgedPython judge_python(const PythonFacts& facts, const std::filesystem::path& plugin_dir,
                          const LibraryCheck& loads) {
  if (std::string reason = unfit_kind(facts, plugin_dir); !reason.empty()) return {{}, std::move(reason)};
  std::string rejection = no_shared_library;
  for (const auto& library : facts.libraries) {
    std::error_code missing;
    // The file itself: the link may be pointed at another version later, unnoticed.
    const auto resolved = std::filesystem::canonical(library, missing);
    if (missing) continue;
    const auto failure = loads(resolved);
    if (!failure) return {resolved, {}};
    rejection = "its shared library does not load: " + *failure;
  }
  return {{}, std::move(rejection)};
}

}  // namespace ktx::runtime
