#include "runtime_install.hpp"

#include <CLI/CLI.hpp>
#include <memory>

#include "examples.hpp"
#include "ktx/app/runtime_session.hpp"
#include "ktx/output/runtime_view.hpp"
#include "package_places.hpp"

namespace ktx::cli {
namespace {

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

}  // namespace

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

int run_runtime_install(const RuntimeInstallOptions& options, const Context& context) {
  const runtime::Layout layout = app::runtime_layout(context.environment);
  Progress progress(context.terminal,
                    progress_style(context.terminal, context.environment, {context.quiet, options.verbose},
                                   ProgressStyle::silent));
  const auto result = app::install_runtime(context, install_request(options, context.environment), progress);
  context.terminal.out(options.json ? install_json(result, layout) : install_text(result, layout));
  return 0;
}

}  // namespace ktx::cli
