#include "ktx/check/health.hpp"

#include "ktx/runtime/child_environment.hpp"
#include "ktx/runtime/interpreter.hpp"
#include "ktx/util/json.hpp"
#include "ktx/util/text.hpp"

namespace ktx::runtime {
namespace {

constexpr const char* repair_fix = "Run: ktx runtime repair";

// Many times what loading torch takes on a slow disk.
constexpr auto embedding_time_limit = std::chrono::minutes(5);

std::vector<std::string_view> backends_of(const Features& features) {
  std::vector<std::string_view> backends;
  if (contains(features, Feature::local_embeddings)) backends.emplace_back("onnx");
  if (contains(features, Feature::sentence_transformers)) backends.emplace_back("sentence-transformers");
  return backends;
}

EmbeddingsHealth judge_reply(const std::string& text) {
  constexpr const char* what = "the reply about embeddings";
  const Json document = parse_json(text, what, ErrorKind::interpreter);
  const JsonObject reply(document, what, ErrorKind::interpreter);
  if (reply.has("ok")) {
    const JsonObject ok = reply.object("ok");
    return {true, ok.string("model") + ", " + std::to_string(ok.count("dimensions")) + " dimensions", ""};
  }
  const JsonObject error = reply.object("error");
  // The fix of an internal error is to report it; here a repair is worth a try first.
  const bool known_fix = error.has("fix") && error.string("kind") != "internal";
  return {false, std::string(first_line(error.string("message"))),
          known_fix ? error.string("fix") : repair_fix};
}

EmbeddingsHealth try_backend(CommandRunner& runner, const Environment& environment, const Layout& layout,
                             const Interpreter& interpreter, std::string_view backend) {
  const CommandResult result =
      runner.run({.argv = {environment.executable.string(), "__interpreter-health", "--plugin-dir",
                           layout.plugin_dir.string(), "--embeddings", std::string(backend)},
                  .environment = environment.variables,
                  .directory = "/",
                  .input = compact_json(to_json(interpreter)),
                  .time_limit = embedding_time_limit});
  if (!result.succeeded()) {
    const bool spoke = result.end == CommandResult::End::exited && !result.err.empty();
    return {false,
            "Embedding with " + std::string(backend) +
                " does not work: " + (spoke ? std::string(first_line(result.err)) : result.describe()),
            repair_fix};
  }
  try {
    return judge_reply(result.out);
  } catch (const Error& error) {
    return {false, error.message(), repair_fix};
  }
}

EmbeddingsHealth try_backends(CommandRunner& runner, const Environment& environment, const Layout& layout,
                              const Interpreter& interpreter, const Features& features) {
  const auto backends = backends_of(features);
  EmbeddingsHealth health{false, "No embedding backend is installed",
                          "Run: ktx runtime install --feature local-embeddings --yes"};
  for (const std::string_view backend : backends) {
    health = try_backend(runner, environment, layout, interpreter, backend);
    if (!health.healthy) return health;
  }
  if (health.healthy) health.detail += ", with " + comma_separated(backends);
  return health;
}

// What a failed child printed, else how it ended.
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

InterpreterHealth try_interpreter(CommandRunner& runner, const Environment& environment, const Layout& layout,
                                  const Interpreter& interpreter) {
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

// Blames the dynamic loader's variables for a failure that does not come without them.
template <typename Health, typename Try>
Health blame_loader(Health health, const Environment& environment, Try attempt) {
  const std::string variables = loader_variables(environment);
  if (health.healthy || variables.empty()) return health;
  if (!attempt(without_loader_variables(environment)).healthy) return health;
  health.detail += " (without " + variables + " it works)";
  health.fix = loader_fix(environment);
  return health;
}

}  // namespace

InterpreterHealth interpreter_health(CommandRunner& runner, const Environment& environment,
                                     const Layout& layout, const Interpreter& interpreter) {
  const auto attempt = [&](const Environment& tried) {
    return try_interpreter(runner, tried, layout, interpreter);
  };
  return blame_loader(attempt(environment), environment, attempt);
}

EmbeddingsHealth embeddings_health(CommandRunner& runner, const Environment& environment,
                                   const Layout& layout, const Interpreter& interpreter,
                                   const Features& features) {
  const auto attempt = [&](const Environment& tried) {
    return try_backends(runner, tried, layout, interpreter, features);
  };
  return blame_loader(attempt(environment), environment, attempt);
}

LibraryCheck library_check(CommandRunner& runner, const Environment& environment) {
  return [&](const std::filesystem::path& library) -> std::optional<std::string> {
    const CommandResult result =
        runner.run({.argv = {environment.executable.string(), "__load-libpython", library.string()},
                    .environment = environment.variables,
                    .directory = "/",
                    .time_limit = std::chrono::seconds(10)});
    if (result.succeeded()) return std::nullopt;
    // The loader maps the file: a truncated one kills the process.
    if (result.end == CommandResult::End::signalled) {
      return library.string() + ": it is damaged: loading it ends a process (" + result.describe() + ")";
    }
    return reason_of(result);
  };
}

}  // namespace ktx::runtime
