#include "commands/runtime_doctor.hpp"

#include <memory>

#include "examples.hpp"
#include "ktx/runtime/doctor.hpp"
#include "ktx/runtime/in_use.hpp"
#include "output/doctor_view.hpp"
#include "version.hpp"

namespace ktx::cli {

void setup_runtime_doctor(CLI::App& parent, Context& context) {
  auto options = std::make_shared<RuntimeDoctorOptions>();
  CLI::App* command =
      parent.add_subcommand("doctor", "Check managed Python runtime prerequisites and installation");
  command->add_flag("--json", options->json, "Print JSON output");
  add_examples(*command, {{"ktx runtime doctor", "Check everything that a query needs, with fixes"},
                          {"ktx runtime doctor --json", "The same, for a program"}});
  command->callback([options, &context] {
    context.command = [options, &context] { return run_runtime_doctor(*options, context); };
  });
}

int run_runtime_doctor(const RuntimeDoctorOptions& options, const Context& context) {
  const runtime::Layout layout = runtime::make_layout(context.environment, version);
  const runtime::InUse in_use = runtime::hold_in_use(layout);
  ProcessRunner runner;
  const auto health = [&](const runtime::Interpreter& interpreter) {
    return runtime::interpreter_health(runner, context.environment, layout, interpreter);
  };
  const auto embeddings = [&](const runtime::Interpreter& interpreter, const runtime::Features& features) {
    return runtime::embeddings_health(runner, context.environment, layout, interpreter, features);
  };
  const auto report = runtime::run_doctor(layout, {context.environment, runner, health, embeddings});
  context.terminal.out(options.json ? doctor_json(report) : doctor_text(report));
  return report.passed() ? 0 : 1;
}

}  // namespace ktx::cli
