#include "runtime/runtime_bundle.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/app/runtime_session.hpp"
#include "ktx/check/health.hpp"
#include "ktx/install/bundle.hpp"
#include "ktx/output/progress.hpp"
#include "ktx/output/runtime_view.hpp"
#include "ktx/util/environment.hpp"
#include "ktx/util/error.hpp"
#include "options.hpp"

namespace ktx::cli {
namespace {

struct RuntimeBundleOptions {
  std::string path;
  std::vector<std::string> features = {"core"};
  std::vector<std::string> pythons;  ///< minor versions; all that are found if empty
  std::vector<std::string> find_links;
  bool verbose = false;
  bool force = false;
  bool json = false;
};

std::string minor_version_error(const std::string& text) {
  const bool is_minor = text.size() > 2 && text.starts_with("3.") &&
                        text.find_first_not_of("0123456789", 2) == std::string::npos;
  return is_minor ? std::string() : text + " is no minor version of Python such as 3.12";
}

// Refuses the endings of other archives: such a bundle would be a folder that looks like an archive.
std::string other_archive_error(const std::string& path) {
  constexpr std::array<std::string_view, 7> others = {".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z"};
  const bool is_other =
      std::ranges::any_of(others, [&](std::string_view ending) { return path.ends_with(ending); });
  return is_other ? path + " is no name for a bundle: a folder, or an archive that ends in .zip"
                  : std::string();
}

// Makes the bundle. Returns the exit code.
int run_runtime_bundle(const RuntimeBundleOptions& options, const Context& context) {
  const runtime::Layout layout = app::runtime_layout(context.environment);
  runtime::BundleRequest request{.target = absolute_path(options.path, context.environment),
                                 .features = {},
                                 .pythons = options.pythons,
                                 .find_links = package_places(options.find_links, context.environment),
                                 .force = options.force};
  for (const std::string& name : options.features) {
    request.features.push_back(runtime::feature_from_name(name));
  }
  ProcessRunner runner;
  Progress progress(context.terminal,
                    progress_style(context.terminal, context.environment, {context.quiet, options.verbose},
                                   ProgressStyle::silent));
  // Nothing is installed, so there is nothing to verify.
  const runtime::InstallServices services{.environment = context.environment,
                                          .runner = runner,
                                          .loads = runtime::library_check(runner, context.environment),
                                          .verify = {},
                                          .progress = [&](const auto& now) { progress.show(now); },
                                          .notice = [&](const std::string& text) { progress.notice(text); }};
  const runtime::Bundle bundle = runtime::make_bundle(layout, request, services);
  progress.clear();
  context.terminal.out(options.json ? bundle_json(bundle) : bundle_text(bundle));
  return 0;
}

}  // namespace

void setup_runtime_bundle(CLI::App& parent, Context& context) {
  auto options = std::make_shared<RuntimeBundleOptions>();
  CLI::App* command = parent.add_subcommand(
      "bundle", "Download what an install needs into a folder or archive, for a machine without a network");
  command->add_option("path", options->path, "The new folder, or the new archive when it ends in .zip")
      ->required()
      ->check(other_archive_error);
  command->add_option("--feature", options->features, "Runtime feature level; may be given more than once")
      ->type_name("FEATURE")
      ->check(CLI::IsMember(runtime::feature_names()))
      ->allow_extra_args(false)
      ->capture_default_str();
  command
      ->add_option("--python", options->pythons,
                   "A version of Python to have packages for, as 3.12; may be given more than once "
                   "(default: all that are found here)")
      ->type_name("VERSION")
      ->check(minor_version_error)
      ->allow_extra_args(false);
  add_find_links_option(*command, options->find_links);
  command->add_flag("--force", options->force, "Replace a bundle that is there already");
  command->add_flag("--verbose", options->verbose, "Print each step to stderr, without a terminal too");
  command->add_flag("--json", options->json, "Print JSON output");
  add_examples(*command,
               {{"ktx runtime bundle ./ktx-bundle.zip", "Pack what an install needs into an archive"},
                {"ktx runtime bundle ./ktx-bundle --feature local-embeddings --python 3.12",
                 "Pack a folder with the embeddings, for Python 3.12 only"}});
  command->callback([options, &context] {
    context.command = [options, &context] { return run_runtime_bundle(*options, context); };
  });
}

void add_find_links_option(CLI::App& command, std::vector<std::string>& places) {
  command
      .add_option("--find-links", places,
                  "A folder (or address) with wheels to use too; may be given more than once")
      ->type_name("FOLDER")
      ->allow_extra_args(false);
}

std::vector<std::string> package_places(const std::vector<std::string>& places,
                                        const Environment& environment) {
  std::vector<std::string> absolute;
  for (const std::string& place : places) {
    // An address has no place in the file system.
    if (place.find("://") != std::string::npos) {
      absolute.push_back(place);
      continue;
    }
    const std::filesystem::path folder = absolute_path(place, environment);
    if (!std::filesystem::is_directory(folder)) {
      throw Error(ErrorKind::usage, "--find-links names no folder: " + place,
                  "Name the folder that holds the wheels");
    }
    absolute.push_back(folder.string());
  }
  return absolute;
}

std::filesystem::path absolute_path(const std::string& path, const Environment& environment) {
  std::filesystem::path absolute = (environment.directory / path).lexically_normal();
  // "wheels/" ends with an empty name.
  if (!absolute.has_filename()) absolute = absolute.parent_path();
  return absolute;
}

}  // namespace ktx::cli
