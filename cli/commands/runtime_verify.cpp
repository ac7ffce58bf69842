#include "runtime_verify.hpp"

#include <memory>

#include "examples.hpp"
#include "ktx/app/runtime_session.hpp"
#include "ktx/output/runtime_view.hpp"

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
  const auto verification = app::verify_runtime(context);
  context.terminal.out(options.json ? verify_json(verification, app::runtime_layout(context.environment))
                                    : verify_text(verification));
  return verification.intact() ? 0 : 1;
}

}  // namespace ktx::cli
