#include "python_options.hpp"

#include "ktx/app/usage_error.hpp"

namespace ktx::cli {

void add_install_policy_options(CLI::App& command, app::InstallConsent& options) {
  command.add_flag("--yes", options.yes, "Install the Python runtime without asking when it is needed");
  command.add_flag("--no-input", options.no_input, "Never ask; fail when the Python runtime is not ready");
}

void add_python_options(CLI::App& command, app::PythonNeeds& options) {
  add_install_policy_options(command, options.install);
  CLI::Option* with = command.add_flag_callback(
      "--daemon", [&options] { options.daemon = app::DaemonChoice::always; },
      "Ask the KTX Python daemon, and start it when it does not run");
  command
      .add_flag_callback(
          "--no-daemon", [&options] { options.daemon = app::DaemonChoice::never; },
          "Load Python into this process, whether or not a daemon runs")
      ->excludes(with);
}

void check_install_policy(const app::InstallConsent& options) {
  if (options.yes && options.no_input) {
    throw app::usage_error("Choose only one runtime install mode: --yes or --no-input");
  }
}

}  // namespace ktx::cli
