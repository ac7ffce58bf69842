#include "runtime/interpreter_checks.hpp"

#include <filesystem>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>

#include "ktx/plugin/health.hpp"
#include "ktx/plugin/libpython.hpp"
#include "ktx/runtime/interpreter.hpp"

namespace ktx::cli {
namespace {

struct InterpreterHealthOptions {
  std::filesystem::path plugin_directory;
  std::string embeddings;  ///< a backend to try instead; may be empty
};

struct LoadLibpythonOptions {
  std::filesystem::path library;
};

int run_interpreter_health(const InterpreterHealthOptions& options, const Context& context) {
  std::ostringstream input;
  input << std::cin.rdbuf();
  constexpr const char* what = "the interpreter's description";
  const Json document = parse_json(input.str(), what, ErrorKind::runtime_broken);
  const auto interpreter =
      runtime::interpreter_from_json(JsonObject(document, what, ErrorKind::runtime_broken));
  if (options.embeddings.empty()) {
    context.terminal.out(pretty_json(plugin::interpreter_health(interpreter, options.plugin_directory)));
  } else {
    context.terminal.out(
        plugin::embeddings_health(interpreter, options.plugin_directory, options.embeddings) + "\n");
  }
  return 0;
}

int run_load_libpython(const LoadLibpythonOptions& options, const Context& context) {
  const std::string reason = plugin::why_libpython_does_not_load(options.library);
  // A library that takes the process down ends it by a signal, which the parent sees.
  if (reason.empty()) return 0;
  context.terminal.err(reason + "\n");
  return 1;
}

}  // namespace

void setup_interpreter_health(CLI::App& parent, Context& context) {
  auto options = std::make_shared<InterpreterHealthOptions>();
  CLI::App* command = parent.add_subcommand("__interpreter-health", "Start an interpreter and describe it");
  command->group("");  // hidden
  command->add_option("--plugin-dir", options->plugin_directory, "The folder of the interpreter plugins")
      ->required();
  command->add_option("--embeddings", options->embeddings,
                      "Embed a known sentence with this backend instead");
  command->callback([options, &context] {
    context.command = [options, &context] { return run_interpreter_health(*options, context); };
  });
}

void setup_load_libpython(CLI::App& parent, Context& context) {
  auto options = std::make_shared<LoadLibpythonOptions>();
  CLI::App* command = parent.add_subcommand("__load-libpython", "Try whether a libpython loads");
  command->group("");  // hidden
  command->add_option("library", options->library, "The shared library")->required();
  command->callback([options, &context] {
    context.command = [options, &context] { return run_load_libpython(*options, context); };
  });
}

}  // namespace ktx::cli
