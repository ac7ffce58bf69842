#include "runtime_doctor.hpp"

#include <memory>

#include "examples.hpp"
#include "ktx/app/runtime_session.hpp"
#include "ktx/output/runtime_view.hpp"

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
  const auto report = app::examine_runtime(context);
  context.terminal.out(options.json ? doctor_json(report) : doctor_text(report));
  return report.passed() ? 0 : 1;
}

}  // namespace ktx::cli
