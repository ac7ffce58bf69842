#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <system_error>

#include "helper_python.hpp"
#include "ktx/install/bundle.hpp"
#include "ktx/install/preflight.hpp"
#include "ktx/install/settle.hpp"
#include "ktx/runtime/python_discovery.hpp"
#include "ktx/util/digest.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/interrupt.hpp"
#include "ktx/util/random.hpp"
#include "python_choice.hpp"

namespace ktx::runtime {
namespace {

namespace fs = std::filesystem;

// One Python version of the bundle, and the interpreter whose pip chooses its wheels.
struct BundlePython {
  std::string minor;
  HelperPython helper;
};

bool is_archive(const fs::path& path) { return path.extension() == ".zip"; }

// Whether an existing target may be replaced: a bundle, or a file named like an archive.
bool is_replaceable(const fs::path& target) {
  if (fs::is_directory(target)) return path_exists(target / "bundle.json");
  return is_archive(target);
}

void check_target(const BundleRequest& request) {
  const fs::path& target = request.target;
  if (!fs::is_directory(target.parent_path())) {
    throw Error(ErrorKind::io,
                "Cannot write " + target.string() + ": there is no folder " + target.parent_path().string(),
                "Create that folder, or name another path");
  }
  if (!fs::exists(fs::symlink_status(target))) return;
  if (!request.force) {
    throw Error(ErrorKind::usage, target.string() + " is there already",
                "Name another path, or replace that bundle by --force");
  }
  if (is_replaceable(target)) return;
  throw Error(ErrorKind::usage, target.string() + " is no bundle, so --force does not replace it",
              "Name another path, or move it away");
}

class BundleMaker {
 public:
  BundleMaker(const Layout& layout, const BundleRequest& request, const InstallServices& services)
      : layout_(layout),
        request_(request),
        services_(services),
        features_(normalize(request.features)),
        asset_(verify_asset(layout, features_)) {}

  std::vector<BundlePython> choose_pythons() const {
    std::vector<std::string> minors = request_.pythons;
    if (minors.empty()) {
      for (const int minor : plugin_minors(layout_.plugin_dir))
        minors.push_back("3." + std::to_string(minor));
    }
    // Newest first, each once: an install takes the first version that exists on its machine.
    std::sort(minors.begin(), minors.end(),
              [](const std::string& a, const std::string& b) { return minor_number(a) > minor_number(b); });
    minors.erase(std::unique(minors.begin(), minors.end()), minors.end());
    std::vector<BundlePython> pythons;
    for (const std::string& minor : minors) add_python(minor, pythons);
    if (!pythons.empty()) return pythons;
    throw Error(ErrorKind::interpreter, "No Python that ktx can run was found, so no bundle can be made",
                "Install a CPython with a shared library and pip, then try again");
  }

  BundleDescription fill(const fs::path& stage, const std::vector<BundlePython>& pythons) const {
    make_directories(stage / "assets");
    make_directories(stage / "wheels");
    write_assets(stage / "assets");
    // One list for everything: pip then finds versions of all packages that go together.
    const fs::path all = stage / "requirements.txt";
    write_file_atomically(all, asset_.requirements);
    for (const BundlePython& python : pythons) {
      step("Downloading the packages for Python " + python.minor);
      download(python.helper, stage, all);
    }
    // Not a part of the bundle: the lists themselves are in assets/.
    fs::remove(all);
    step("Downloading uv");
    if (asset_.manifest.uv_requirements) {
      download(pythons.front().helper, stage, stage / "assets" / asset_.manifest.uv_requirements->file);
    }
    return describe(stage, pythons);
  }

  // Moves the finished bundle into its place, packed if the target is an archive.
  void publish(const fs::path& stage, const HelperPython& python) const {
    throw_if_interrupted();
    if (!is_archive(request_.target)) return replace(stage);
    step("Packing the bundle");
    // For a file too: remove_all removes either.
    const ScopedDirectory archive(beside());
    Archiver{services_.runner, services_.environment, python}.pack(stage, archive.path());
    throw_if_interrupted();
    replace(archive.path());
  }

  // A hidden, random name in the target's folder.
  fs::path beside() const {
    return request_.target.parent_path() / ("." + request_.target.filename().string() + "." + random_id());
  }

 private:
  static int minor_number(const std::string& minor) {
    int number = 0;
    if (minor.size() > 2) std::from_chars(minor.data() + 2, minor.data() + minor.size(), number);
    return number;
  }

  void step(const std::string& text) const {
    throw_if_interrupted();
    if (services_.progress) services_.progress({.step = text});
  }

  void add_python(const std::string& minor, std::vector<BundlePython>& pythons) const {
    step("Looking for Python " + minor);
    const InterpreterSearchContext context{services_.environment, layout_, services_.runner, services_.loads};
    const InterpreterSearch search = search_interpreters(context, minor);
    const bool asked = !request_.pythons.empty();
    // A version that was asked for by name must be in the bundle; the others are optional.
    if (!search.best && asked) throw no_interpreter(services_.environment, layout_, search, minor);
    if (!search.best) return note("No Python " + minor + " here, so the bundle has no packages for it");
    auto helper = ask_helper_python(services_.runner, services_.environment, search.best->facts.executable);
    if (helper && !helper->pip_version.empty()) return pythons.push_back({minor, *std::move(helper)});
    const std::string executable = search.best->facts.executable.string();
    if (!asked) return note(executable + " has no pip, so the bundle has no packages for Python " + minor);
    throw Error(ErrorKind::interpreter, executable + " has neither pip nor ensurepip",
                "Install pip for it, then try again");
  }

  void note(const std::string& text) const {
    if (services_.notice) services_.notice(text);
  }

  void write_assets(const fs::path& folder) const {
    write_file_atomically(folder / asset_.manifest.wheel.file, asset_.wheel);
    const auto lists = asset_.manifest.requirements(features_);
    for (std::size_t i = 0; i < lists.size(); ++i) {
      write_file_atomically(folder / lists[i]->file, asset_.lists[i]);
    }
    if (asset_.manifest.uv_requirements) {
      write_file_atomically(folder / asset_.manifest.uv_requirements->file, asset_.uv_requirements);
    }
    write_file_atomically(folder / "manifest.json", pretty_json(to_json(asset_.manifest)));
  }

  // Long enough for a slow network; torch is 3 GB.
  std::chrono::minutes time_limit() const {
    return std::chrono::hours(contains(features_, Feature::sentence_transformers) ? 4 : 1);
  }

  void download(const HelperPython& python, const fs::path& stage, const fs::path& list) const {
    const auto failure = pip_download(services_.runner, services_.environment,
                                      {.python = python,
                                       .requirements = list,
                                       .destination = stage / "wheels",
                                       .no_index = false,
                                       .find_links = request_.find_links,
                                       .time_limit = time_limit()});
    if (!failure) return;
    throw Error(
        ErrorKind::install, "Cannot download what " + list.filename().string() + " lists: " + *failure,
        "Check the network and the package index that pip or uv is configured to use, then try again");
  }

  BundleDescription describe(const fs::path& stage, const std::vector<BundlePython>& pythons) const {
    step("Checking the bundle");
    BundleDescription description{.cli_version = layout_.cli_version,
                                  .platform = bundle_platform(),
                                  .pythons = {},
                                  .features = features_,
                                  .requirements = requirement_digests(asset_.manifest),
                                  .files = {}};
    for (const BundlePython& python : pythons) description.pythons.push_back(python.minor);
    for (const auto& entry : fs::recursive_directory_iterator(stage)) {
      if (!entry.is_regular_file()) continue;
      description.files.push_back({entry.path().lexically_relative(stage).generic_string(),
                                   hex(sha256_of_file(entry.path())), entry.file_size()});
    }
    std::sort(description.files.begin(), description.files.end(),
              [](const AssetFile& a, const AssetFile& b) { return a.file < b.file; });
    // Last, because it describes all other files.
    write_file_atomically(stage / "bundle.json", pretty_json(to_json(description)));
    return description;
  }

  // The old bundle is removed only when the new one is in its place.
  void replace(const fs::path& made) const {
    const fs::path& target = request_.target;
    const ScopedDirectory former(beside());
    std::error_code failure;
    const bool replaces = fs::exists(fs::symlink_status(target));
    if (replaces) fs::rename(target, former.path(), failure);
    if (!failure) fs::rename(made, target, failure);
    if (!failure) return sync_directory(target.parent_path());
    std::error_code ignored;
    // Puts the old bundle back.
    if (replaces && !path_exists(target)) fs::rename(former.path(), target, ignored);
    throw system_error("Cannot write", target.string(), failure.value());
  }

  const Layout& layout_;
  const BundleRequest& request_;
  const InstallServices& services_;
  Features features_;
  VerifiedAsset asset_;
};

}  // namespace

Bundle make_bundle(const Layout& layout, const BundleRequest& request, const InstallServices& services) {
  const InterruptGuard interrupts;
  check_target(request);
  const BundleMaker maker(layout, request, services);
  const std::vector<BundlePython> pythons = maker.choose_pythons();
  const ScopedDirectory stage(maker.beside());
  Bundle bundle{request.target, {}, 0};
  try {
    bundle.description = maker.fill(stage.path(), pythons);
  } catch (const fs::filesystem_error& error) {
    throw system_error("Cannot write", stage.path().string(), error.code().value());
  }
  maker.publish(stage.path(), pythons.front().helper);
  for (const AssetFile& file : bundle.description.files) bundle.bytes += file.bytes;
  return bundle;
}

}  // namespace ktx::runtime
