#include "commands/runtime_verify.hpp"

#include <memory>

#include "examples.hpp"
#include "ktx/runtime/in_use.hpp"
#include "ktx/runtime/verification.hpp"
#include "output/verify_view.hpp"
#include "version.hpp"

namespace ktx::cli {

void setup_runtime_verify(CLI::App& parent, Context& context) {
  auto options = std::make_shared<RuntimeVerifyOptions>();
  CLI::App* command =
      parent.add_subcommand("verify", "Compare every file of the runtime with what was installed");
  command->add_flag("--json", options->json, "Print JSON output");
  add_examples(*command, {{"ktx runtime verify", "List every file that is not as it was installed"},
                          {"ktx runtime verify --json", "The same, for a program"}});
  command->callback([options, &context] {
    context.command = [options, &context] { return run_runtime_verify(*options, context); };
  });
}

int run_runtime_verify(const RuntimeVerifyOptions& options, const Context& context) {
  const runtime::Layout layout = runtime::make_layout(context.environment, version);
  const runtime::InUse in_use = runtime::hold_in_use(layout);
  ProcessRunner runner;
  const auto health = [&](const runtime::Interpreter& interpreter) {
    return runtime::interpreter_health(runner, context.environment, layout, interpreter);
  };
  const auto embeddings = [&](const runtime::Interpreter& interpreter, const runtime::Features& features) {
    return runtime::embeddings_health(runner, context.environment, layout, interpreter, features);
  };
  const auto verification = runtime::verify_runtime(layout, health, embeddings);
  context.terminal.out(options.json ? verify_json(verification, layout) : verify_text(verification));
  return verification.intact() ? 0 : 1;
}

}  // namespace ktx::cli
