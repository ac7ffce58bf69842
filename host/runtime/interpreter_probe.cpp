#include "ktx/runtime/interpreter_probe.hpp"

#include <string_view>

#include "ktx/util/filesystem.hpp"
#include "ktx/util/json.hpp"
#include "probe_script.hpp"

namespace ktx::runtime {
namespace {

std::vector<std::filesystem::path> paths(const JsonObject& object, std::string_view key) {
  std::vector<std::filesystem::path> values;
  for (std::string& text : object.strings(key)) values.emplace_back(std::move(text));
  return values;
}

// Python keeps each of them in a byte.
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

/// Why ktx cannot run this kind of Python; empty when it can, given its shared library.
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
  std::string rejection = "it has no shared library";
  for (const auto& library : facts.libraries) {
    std::error_code missing;
    const auto resolved = std::filesystem::canonical(library, missing);
    if (missing) continue;
    const auto failure = loads(resolved);
    if (!failure) return {resolved, {}};
    rejection = "its shared library does not load: " + *failure;
  }
  return {{}, std::move(rejection)};
}

}  // namespace ktx::runtime
