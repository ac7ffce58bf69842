#include "runtime/runtime.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "context.hpp"
#include "ktx/app/runtime_session.hpp"
#include "ktx/check/prune.hpp"
#include "ktx/output/progress.hpp"
#include "ktx/output/runtime_view.hpp"
#include "ktx/runtime/status.hpp"
#include "options.hpp"
#include "runtime/daemon.hpp"
#include "runtime/runtime_bundle.hpp"

namespace ktx::cli {
namespace {

struct RuntimeDoctorOptions {
  bool json = false;
};

// Returns 1 if any check fails.
int run_runtime_doctor(const RuntimeDoctorOptions& options, const Context& context) {
  const auto report = app::examine_runtime(context);
  if (options.json) {
    context.terminal.out(context.worded(doctor_json(report)));
  } else {
    context.tell(doctor_text(report));
  }
  return report.passed() ? 0 : 1;
}

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

struct RuntimeInstallOptions {
  std::vector<std::string> features = {"core"};
  bool exact = false;
  bool force = false;
  bool offline = false;
  bool json = false;
  bool verbose = false;
  std::string python;  ///< if empty, ktx chooses
  std::vector<std::string> find_links;
  std::string bundle;  ///< if empty, from the package index

  // --yes and --no-input change nothing: running the command is the consent. Accepted because all advice says
  // `--yes`.
  bool yes = false;
  bool no_input = false;
};

runtime::InstallRequest install_request(const RuntimeInstallOptions& options,
                                        const Environment& environment) {
  runtime::InstallRequest request{.features = {},
                                  .exact = options.exact,
                                  .force = options.force,
                                  .offline = options.offline,
                                  .python = {},
                                  .find_links = package_places(options.find_links, environment)};
  for (const std::string& name : options.features) {
    request.features.push_back(runtime::feature_from_name(name));
  }
  if (!options.python.empty()) request.python = options.python;
  if (!options.bundle.empty()) request.bundle = absolute_path(options.bundle, environment);
  return request;
}

// Installs, without asking.
int run_runtime_install(const RuntimeInstallOptions& options, const Context& context) {
  const runtime::Layout layout = app::runtime_layout(context.environment);
  Progress progress(context.terminal,
                    progress_style(context.terminal, context.environment, {context.quiet, options.verbose},
                                   ProgressStyle::silent));
  const auto result = app::install_runtime(context, install_request(options, context.environment), progress);
  if (options.json) {
    context.terminal.out(install_json(result, layout));
  } else {
    context.tell(install_text(result, layout));
  }
  return 0;
}

void setup_runtime_install(CLI::App& parent, Context& context) {
  auto options = std::make_shared<RuntimeInstallOptions>();
  CLI::App* command =
      parent.add_subcommand("install", "Install the bundled Python runtime wheel into the managed runtime");
  command->add_option("--feature", options->features, "Runtime feature level; may be given more than once")
      ->type_name("FEATURE")
      ->check(CLI::IsMember(runtime::feature_names()))
      ->allow_extra_args(false)
      ->capture_default_str();
  command->add_flag("--exact", options->exact, "Remove installed features that are not asked for");
  command->add_flag("--force", options->force, "Reinstall even when the runtime already looks ready");
  command
      ->add_option("--python", options->python, "The Python to use: a version or the path of an interpreter")
      ->type_name("PYTHON");
  command->add_flag("--offline", options->offline,
                    "Use no network: only what uv has in its cache, or the folders of --find-links");
  add_find_links_option(*command, options->find_links);
  command
      ->add_option("--from-bundle", options->bundle,
                   "Install from this folder or .zip archive made by ktx runtime bundle, without a network")
      ->type_name("PATH")
      ->excludes("--find-links");
  command->add_flag("--json", options->json, "Print JSON output");
  command->add_flag("--verbose", options->verbose, "Print each step to stderr, without a terminal too");
  command->add_flag("--yes", options->yes, "Accepted; this command never asks");
  command->add_flag("--no-input", options->no_input, "Accepted; this command never asks");
  add_examples(
      *command,
      {{"ktx runtime install --yes", "Install what queries need, without asking"},
       {"ktx runtime install --feature local-embeddings --yes", "Add search by meaning, on this machine"},
       {"ktx runtime install --python 3.12 --force", "Install anew with another Python"},
       {"ktx runtime install --from-bundle ./ktx-bundle.zip", "Install on a machine without a network"}});
  command->callback([options, &context] {
    context.command = [options, &context] { return run_runtime_install(*options, context); };
  });
}

struct RuntimePruneOptions {
  bool dry_run = false;
  bool yes = false;
  bool json = false;
  bool verbose = false;
};

// Returns 1 if the removal was not confirmed with --yes.
int run_runtime_prune(const RuntimePruneOptions& options, const Context& context) {
  if (!options.dry_run && !options.yes) {
    context.terminal.err(
        context.worded("Refusing to prune without --yes. Preview with: ktx runtime prune --dry-run\n"));
    return 1;
  }
  const runtime::Layout layout = app::runtime_layout(context.environment);
  Progress progress(context.terminal,
                    progress_style(context.terminal, context.environment, {context.quiet, options.verbose},
                                   ProgressStyle::silent));
  const auto notice = [&](const std::string& text) { progress.notice(text); };
  const auto show = [&](const std::string& step) { progress.show({.step = step}); };
  const auto result = runtime::prune(layout, options.dry_run, notice, show);
  progress.clear();
  context.terminal.out(options.json ? prune_json(result) : prune_text(result, options.dry_run));
  return 0;
}

void setup_runtime_prune(CLI::App& parent, Context& context) {
  auto options = std::make_shared<RuntimePruneOptions>();
  CLI::App* command =
      parent.add_subcommand("prune", "Remove stale managed Python runtimes for older CLI versions");
  command->add_flag("--dry-run", options->dry_run, "List stale runtimes without deleting them");
  command->add_flag("--yes", options->yes, "Confirm deletion of stale runtime directories");
  command->add_flag("--json", options->json, "Print JSON output");
  command->add_flag("--verbose", options->verbose, "Print each step to stderr, without a terminal too");
  add_examples(*command, {{"ktx runtime prune --dry-run", "List the runtimes of other versions of ktx"},
                          {"ktx runtime prune --yes", "Remove them"}});
  command->callback([options, &context] {
    context.command = [options, &context] { return run_runtime_prune(*options, context); };
  });
}

struct RuntimeRepairOptions {
  bool offline = false;
  std::vector<std::string> find_links;
  bool verbose = false;
  bool json = false;
  bool yes = false;       ///< accepted, as for install
  bool no_input = false;  ///< accepted, as for install
};

// Checks every file, and installs anew only if something is wrong.
int run_runtime_repair(const RuntimeRepairOptions& options, const Context& context) {
  const runtime::Layout layout = app::runtime_layout(context.environment);
  const runtime::InstallRequest request{
      .features = {},
      .thorough = true,
      .offline = options.offline,
      .python = {},
      .find_links = package_places(options.find_links, context.environment)};
  Progress progress(context.terminal,
                    progress_style(context.terminal, context.environment, {context.quiet, options.verbose},
                                   ProgressStyle::silent));
  const auto result = app::install_runtime(context, request, progress);
  if (options.json) {
    context.terminal.out(repair_json(result, layout));
  } else {
    context.tell(repair_text(result, layout));
  }
  return 0;
}

void setup_runtime_repair(CLI::App& parent, Context& context) {
  auto options = std::make_shared<RuntimeRepairOptions>();
  CLI::App* command =
      parent.add_subcommand("repair", "Check the whole runtime and install it anew when anything is wrong");
  command->add_flag("--offline", options->offline,
                    "Use no network: only what uv has in its cache, or the folders of --find-links");
  add_find_links_option(*command, options->find_links);
  command->add_flag("--verbose", options->verbose, "Print each step on a line of its own");
  command->add_flag("--json", options->json, "Print JSON output");
  command->add_flag("--yes", options->yes, "Accepted; this command never asks");
  command->add_flag("--no-input", options->no_input, "Accepted; this command never asks");
  add_examples(*command,
               {{"ktx runtime repair", "Check everything, and install anew what is wrong"},
                {"ktx runtime repair --offline --find-links ./wheels", "Repair from wheels in a folder"}});
  command->callback([options, &context] {
    context.command = [options, &context] { return run_runtime_repair(*options, context); };
  });
}

struct RuntimeStatusOptions {
  bool json = false;
};

// Returns 0 for every state. Starts no process and no Python.
int run_runtime_status(const RuntimeStatusOptions& options, const Context& context) {
  const runtime::Layout layout = app::runtime_layout(context.environment);
  const runtime::Status status = runtime::runtime_status(layout);
  if (options.json) {
    context.terminal.out(status_json(status, layout));
  } else {
    context.tell(status_text(status, layout));
  }
  return 0;
}

void setup_runtime_status(CLI::App& parent, Context& context) {
  auto options = std::make_shared<RuntimeStatusOptions>();
  CLI::App* command = parent.add_subcommand("status", "Show managed Python runtime status");
  command->add_flag("--json", options->json, "Print JSON output");
  add_examples(*command, {{"ktx runtime status", "Show what is installed and whether the daemon runs"},
                          {"ktx runtime status --json", "The same, for a program"}});
  command->callback([options, &context] {
    context.command = [options, &context] { return run_runtime_status(*options, context); };
  });
}

struct RuntimeVerifyOptions {
  bool json = false;
};

// Returns 1 unless everything is as it was shipped and installed.
int run_runtime_verify(const RuntimeVerifyOptions& options, const Context& context) {
  const auto verification = app::verify_runtime(context);
  if (options.json) {
    context.terminal.out(context.worded(verify_json(verification, app::runtime_layout(context.environment))));
  } else {
    context.tell(verify_text(verification));
  }
  return verification.intact() ? 0 : 1;
}

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

}  // namespace

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
