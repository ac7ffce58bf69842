#include "runtime.hpp"

#include "examples.hpp"
#include "runtime_bundle.hpp"
#include "runtime_doctor.hpp"
#include "runtime_install.hpp"
#include "runtime_prune.hpp"
#include "runtime_repair.hpp"
#include "runtime_start.hpp"
#include "runtime_status.hpp"
#include "runtime_stop.hpp"
#include "runtime_verify.hpp"

namespace ktx::cli {

void setup_runtime(CLI::App& parent, Context& context) {
  CLI::App* group =
      parent.add_subcommand("runtime", "Install, inspect, repair, and prune the KTX-managed Python runtime");
  group->require_subcommand(0, 1);
  setup_runtime_install(*group, context);
  setup_runtime_start(*group, context);
  setup_runtime_stop(*group, context);
  setup_runtime_status(*group, context);
  setup_runtime_doctor(*group, context);
  setup_runtime_verify(*group, context);
  setup_runtime_repair(*group, context);
  setup_runtime_prune(*group, context);
  setup_runtime_bundle(*group, context);
  add_examples(*group, {{"ktx runtime install --yes", "Install what queries need"},
                        {"ktx runtime status", "Show what is installed"},
                        {"ktx runtime doctor", "Find out what is wrong, and how to mend it"}});
}

}  // namespace ktx::cli
