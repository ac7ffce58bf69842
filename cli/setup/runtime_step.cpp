#include "setup/runtime_step.hpp"

#include "ensure_runtime.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/runtime/status.hpp"
#include "ktx/util/error.hpp"
#include "setup/model_steps.hpp"
#include "version.hpp"

namespace ktx::cli {

bool is_runtime_ready(const Context& context, const runtime::Features& features) {
  return runtime::is_ready(runtime::runtime_status(runtime::make_layout(context.environment, version)),
                           features);
}

StepEnd run_runtime_step(SetupSession& session, Arrival /*arrival*/) {
  const auto features = wanted_features(session.config());
  if (is_runtime_ready(session.context(), features) || session.has_declined_python()) return StepEnd::done;
  try {
    ensure_runtime(session.context(), features, session.options().policy);
  } catch (const Error& error) {
    // The project is set up all the same; a query installs the runtime when it needs it.
    if (error.kind() == ErrorKind::interrupted || session.options().policy.yes) throw;
    session.say(error.message());
  }
  return StepEnd::done;
}

}  // namespace ktx::cli
