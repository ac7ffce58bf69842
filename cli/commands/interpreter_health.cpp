#include "interpreter_health.hpp"

#include <iostream>
#include <memory>
#include <sstream>

#include "ktx/plugin/health.hpp"
#include "ktx/runtime/interpreter.hpp"

namespace ktx::cli {

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

}  // namespace ktx::cli
