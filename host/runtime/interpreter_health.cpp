#include "ktx/runtime/interpreter_health.hpp"

#include "ktx/runtime/interpreter_json.hpp"
#include "ktx/util/text.hpp"

namespace ktx::runtime {
namespace {

/// What a failed child said, else how it ended.
std::string reason_of(const CommandResult& result) {
  if (result.end == CommandResult::End::exited && !result.err.empty())
    return std::string(first_line(result.err));
  return result.describe();
}

InterpreterHealth judge(Json report) {
  const JsonObject object(report, "the interpreter's report", ErrorKind::interpreter);
  const auto faults = object.strings("faults");
  InterpreterHealth health{
      .healthy = faults.empty(), .detail = "Python " + object.string("version") + " loads", .report = {}};
  if (!faults.empty()) health.detail = faults.front();
  health.report = std::move(report);
  return health;
}

}  // namespace

InterpreterHealth interpreter_health(CommandRunner& runner, const Environment& environment,
                                     const Layout& layout, const Interpreter& interpreter) {
  const CommandResult result = runner.run({.argv = {environment.executable.string(), "__interpreter-health",
                                                    "--plugin-dir", layout.plugin_dir.string()},
                                           .environment = environment.variables,
                                           .directory = "/",
                                           .input = compact_json(to_json(interpreter)),
                                           .time_limit = std::chrono::seconds(60)});
  if (!result.succeeded()) return {false, "The interpreter does not load: " + reason_of(result), {}};
  try {
    return judge(parse_json(result.out, "the interpreter's report", ErrorKind::interpreter));
  } catch (const Error& error) {
    return {false, error.message(), {}};
  }
}

LibraryCheck library_check(CommandRunner& runner, const Environment& environment) {
  return [&](const std::filesystem::path& library) -> std::optional<std::string> {
    const CommandResult result =
        runner.run({.argv = {environment.executable.string(), "__load-libpython", library.string()},
                    .environment = environment.variables,
                    .directory = "/",
                    .time_limit = std::chrono::seconds(10)});
    if (result.succeeded()) return std::nullopt;
    if (result.end == CommandResult::End::signalled) {
      return library.string() + ": it is damaged: loading it ends a process (" + result.describe() + ")";
    }
    return reason_of(result);
  };
}

}  // namespace ktx::runtime
