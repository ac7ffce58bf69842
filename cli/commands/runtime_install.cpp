#include "commands/runtime_install.hpp"

#include <CLI/CLI.hpp>
#include <memory>

#include "commands/package_places.hpp"
#include "managed_install.hpp"
#include "output/install_view.hpp"
#include "version.hpp"

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
      ->check(CLI::IsMember(runtime::feature_names()))
      ->allow_extra_args(false)
      ->capture_default_str();
  command->add_flag("--exact", options->exact, "Remove installed features that are not asked for");
  command->add_flag("--force", options->force, "Reinstall even when the runtime already looks ready");
  command->add_option("--python", options->python,
                      "The Python to use: a version or the path of an interpreter");
  command->add_flag("--offline", options->offline,
                    "Use no network: only what uv has in its cache, or the folders of --find-links");
  add_find_links_option(*command, options->find_links);
  command
      ->add_option("--from-bundle", options->bundle,
                   "Install from this folder or .zip archive made by ktx runtime bundle, without a network")
      ->excludes("--find-links");
  command->add_flag("--json", options->json, "Print JSON output");
  command->add_flag("--verbose", options->verbose, "Print each step to stderr, without a terminal too");
  command->add_flag("--yes", options->yes, "Accepted; this command never asks");
  command->add_flag("--no-input", options->no_input, "Accepted; this command never asks");
  command->callback([options, &context] {
    context.command = [options, &context] { return run_runtime_install(*options, context); };
  });
}

int run_runtime_install(const RuntimeInstallOptions& options, const Context& context) {
  const runtime::Layout layout = runtime::make_layout(context.environment, version);
  Progress progress(context.terminal, progress_style(context, options.verbose, ProgressStyle::silent));
  const auto result =
      managed_install(context, layout, install_request(options, context.environment), progress);
  context.terminal.out(options.json ? install_json(result, layout) : install_text(result, layout));
  return 0;
}

}  // namespace ktx::cli
