#include "daemon_options.hpp"

#include "commands/usage_error.hpp"
#include "ensure_runtime.hpp"

namespace ktx::cli {

void add_python_options(CLI::App& command, PythonOptions& options) {
  add_install_policy_options(command, options.install);
  CLI::Option* with = command.add_flag_callback(
      "--daemon", [&options] { options.daemon = DaemonChoice::always; },
      "Ask the KTX Python daemon, and start it when it does not run");
  command
      .add_flag_callback(
          "--no-daemon", [&options] { options.daemon = DaemonChoice::never; },
          "Load Python into this process, whether or not a daemon runs")
      ->excludes(with);
}

void check_install_policy(const InstallPolicyOptions& options) {
  if (options.yes && options.no_input) {
    throw usage_error("Choose only one runtime install mode: --yes or --no-input");
  }
}

}  // namespace ktx::cli
