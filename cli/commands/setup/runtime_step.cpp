#include "setup/runtime_step.hpp"

#include "ktx/app/runtime_session.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/runtime/status.hpp"
#include "ktx/util/error.hpp"
#include "setup/model_steps.hpp"

namespace ktx::cli {

StepEnd run_runtime_step(SetupSession& session, Arrival /*arrival*/) {
  const auto features = wanted_features(session.config());
  if (app::is_runtime_ready(session.context().environment, features) || session.has_declined_python())
    return StepEnd::done;
  try {
    app::ensure_runtime(session.context(), features, session.options().policy);
  } catch (const Error& error) {
    // The project is set up all the same; a query installs the runtime when it needs it.
    if (error.kind() == ErrorKind::interrupted || session.options().policy.yes) throw;
    session.say(error.message());
  }
  return StepEnd::done;
}

}  // namespace ktx::cli
