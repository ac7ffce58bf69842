#include "environment_build.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>

#include "ktx/install/record.hpp"
#include "ktx/install/uv.hpp"
#include "ktx/runtime/child_environment.hpp"
#include "ktx/runtime/inventory.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/interrupt.hpp"
#include "ktx/util/text.hpp"

namespace ktx::runtime {
namespace {

namespace fs = std::filesystem;

constexpr auto write_of_others = fs::perms::group_write | fs::perms::others_write;

// Removes the group's and others' permission to write below `directory`: only the user may change code that
// ktx loads, whatever the umask was and whatever mode uv gives its lock files. Links have no permissions of
// their own. Throws an `io` error.
void withdraw_write_permissions(const std::filesystem::path& directory) {
  std::error_code failure;
  fs::permissions(directory, write_of_others, fs::perm_options::remove, failure);
  for (fs::recursive_directory_iterator at(directory, failure), end; !failure && at != end;
       at.increment(failure)) {
    const fs::file_status status = at->symlink_status(failure);
    if (failure || fs::is_symlink(status) || (status.permissions() & write_of_others) == fs::perms::none) {
      continue;
    }
    fs::permissions(at->path(), write_of_others, fs::perm_options::remove, failure);
  }
  if (failure) throw system_error("Cannot set the permissions below", directory.string(), failure.value());
}

// Long enough for a slow network, but an install that hangs ends at last. Torch has 3 GB.
constexpr std::chrono::minutes uv_time_limit = std::chrono::minutes(30);
constexpr std::chrono::minutes large_uv_time_limit = std::chrono::hours(4);

// The step reads 90 MB, perhaps from a slow disk, and writes 30 kB.
constexpr auto model_time_limit = std::chrono::minutes(5);

std::set<std::string> names_of(const std::vector<RecordFault>& faults) {
  std::set<std::string> names;
  for (const RecordFault& fault : faults) names.insert(fault.package);
  return names;
}

class Builder {
 public:
  Builder(fs::path directory, fs::path staging, const Ingredients& ingredients, const Layout& layout,
          const InstallServices& services, InstallLog& log)
      : directory_(std::move(directory)),
        staging_(std::move(staging)),
        python_(python_of(directory_, layout.platform).string()),
        replaces_(fs::exists(layout.manifest_path)),
        ingredients_(ingredients),
        services_(services),
        log_(log) {}

  void create() {
    step("Creating the environment with Python " + ingredients_.python.facts.version);
    run_uv({"venv", "--no-config", "--python", ingredients_.python.facts.executable.string(),
            directory_.string()});
  }

  void install_packages(const std::vector<std::string>& options = {}) {
    constexpr const char* requirements = "requirements.txt";
    const std::string& wheel = ingredients_.asset.manifest.wheel.file;
    stage(requirements, ingredients_.asset.requirements);
    stage(wheel, ingredients_.asset.wheel);
    // Two steps: hashes are required of everything from the index, and the wheel is not from there. Its bytes
    // were verified already.
    step("Installing packages");
    run_pip_install({"--require-hashes", "--only-binary", ":all:", "-r", requirements}, options);
    step("Installing " + ingredients_.asset.manifest.wheel.file);
    // uv runs in the staging folder: it reads a path as a requirement, where "#", ";" and "${…}" mean
    // something.
    run_pip_install({"./" + wheel}, options);
  }

  // uv installs what its cache holds, whatever was done to it there: programs that add certificates to every
  // bundle that they find do so. As long as it is there, each further install would be as damaged.
  void fetch_again(const std::set<std::string>& names) {
    step("Fetching packages again that are damaged in uv's cache");
    std::vector<std::string> clean = {"cache", "clean", "--no-config"};
    clean.insert(clean.end(), names.begin(), names.end());
    run_uv(std::move(clean));
    install_packages({"--reinstall"});
  }

  PythonFacts probe() {
    const auto variables = python_environment(services_.environment);
    ProbedPython probed = probe_python(services_.runner, python_, variables, directory_);
    if (!probed.facts) throw log_.failure("the new environment's Python: " + probed.rejection);
    // uv could have resolved the path to another interpreter.
    if (probed.facts->version != ingredients_.python.facts.version) {
      throw log_.failure("the new environment has Python " + probed.facts->version + " instead of " +
                         ingredients_.python.facts.version);
    }
    return *std::move(probed.facts);
  }

  RecordCheck check_files(const std::vector<fs::path>& packages) {
    step("Checking the installed files");
    RecordCheck check = check_records(packages);
    if (!check.faults.empty() && !ingredients_.offline) {
      fetch_again(names_of(check.faults));
      check = check_records(packages);
    }
    if (check.faults.empty()) return check;
    const Error error = log_.failure(check.faults.front().describe());
    std::string names;
    for (const std::string& name : names_of(check.faults)) names += " " + name;
    throw Error(error.kind(), error.message(),
                "What uv keeps of the packages was changed. Run: uv cache clean" + names +
                    ", then, with a network: ktx runtime install --yes",
                error.details());
  }

  // After RECORD was checked and before the inventory is written, so that the inventory lists the file that
  // this makes.
  void prepare_model() {
    if (!contains(ingredients_.features, Feature::local_embeddings)) return;
    step("Preparing the embedding model");
    log_.run(services_.runner,
             {.argv = {python_, "-I", "-B", "-m", "ktx_daemon.embeddings.prepare"},
              .environment = python_environment(services_.environment),
              .directory = staging_,
              .time_limit = model_time_limit},
             "python");
  }

  void verify(const Interpreter& interpreter) {
    step("Loading the new environment");
    try {
      services_.verify(interpreter);
      if (services_.verify_embeddings && contains(ingredients_.features, Feature::local_embeddings)) {
        services_.verify_embeddings(interpreter, ingredients_.features);
      }
    } catch (const Error& error) {
      // Ctrl-C is no fault of the new environment.
      if (error.kind() == ErrorKind::interrupted) throw;
      const bool is_the_loader = error.fix() == loader_fix(services_.environment);
      throw Error(ErrorKind::install,
                  std::string("The new Python runtime does not work") +
                      (replaces_ ? ", so the old one stays: " : ": ") + error.message(),
                  is_the_loader ? error.fix()
                                : "Try another Python: ktx runtime install --yes --python <version or path>");
    }
    throw_if_interrupted();
  }

 private:
  void step(std::string text) {
    throw_if_interrupted();
    step_ = std::move(text);
    if (services_.progress) services_.progress({.step = step_});
  }

  void stage(const std::string& name, std::string_view bytes) {
    // The verified bytes, for uv to read: the asset folder could change between the check and the install.
    write_file_atomically(staging_ / name, bytes, 0600);
  }

  void run_uv(std::vector<std::string> arguments) {
    // uv then takes packages from its cache and from --find-links only.
    if (ingredients_.offline) arguments.emplace_back("--offline");
    arguments.insert(arguments.begin(), ingredients_.uv.executable.string());
    UvProgress progress(step_);
    const auto follow = [&](std::string_view line) {
      if (progress.take(line) && services_.progress) services_.progress(progress.current());
    };
    log_.run(
        services_.runner,
        {.argv = std::move(arguments),
         .environment = uv_environment(services_.environment, staging_ / "cache"),
         .directory = staging_,
         .time_limit = contains(ingredients_.features, Feature::sentence_transformers) ? large_uv_time_limit
                                                                                       : uv_time_limit,
         .on_line = follow},
        "uv");
  }

  void run_pip_install(const std::vector<std::string>& what, const std::vector<std::string>& options) {
    // Copied and not linked, so that damage to uv's cache does not reach the environment, nor the reverse.
    // Compiled by uv and not by compileall, whose worker processes outlive it when it is killed.
    std::vector<std::string> arguments = {"pip",         "install", "--no-config",
                                          "--python",    python_,   "--no-deps",
                                          "--link-mode", "copy",    "--compile-bytecode"};
    for (const std::string& place : ingredients_.find_links) {
      // As an address: in a path "#" would begin a fragment, and "," another place.
      arguments.insert(arguments.end(), {"--find-links", place.starts_with('/') ? file_url(place) : place});
    }
    if (ingredients_.offline && !ingredients_.find_links.empty()) arguments.emplace_back("--no-index");
    arguments.insert(arguments.end(), options.begin(), options.end());
    arguments.insert(arguments.end(), what.begin(), what.end());
    run_uv(std::move(arguments));
  }

  fs::path directory_;
  fs::path staging_;
  std::string python_;
  bool replaces_;  ///< whether there is a runtime already
  const Ingredients& ingredients_;
  const InstallServices& services_;
  InstallLog& log_;
  std::string step_;
};

// The existing search paths, each directory once: lib64 is often a link to lib.
std::vector<fs::path> existing_once(const std::vector<fs::path>& paths) {
  std::vector<fs::path> kept;
  std::vector<fs::path> resolved;
  for (const fs::path& path : paths) {
    std::error_code missing;
    fs::path canonical = fs::canonical(path, missing);
    if (missing || std::find(resolved.begin(), resolved.end(), canonical) != resolved.end()) continue;
    kept.push_back(path);
    resolved.push_back(std::move(canonical));
  }
  return kept;
}

Interpreter describe(const PythonFacts& facts, const FitPython& python, const fs::path& directory,
                     Platform platform) {
  // The base's executable and library, because the environment has only links to them.
  return {.version = facts.version,
          .tag = facts.tag(),
          .soabi = facts.soabi,
          .executable = python_of(directory, platform),
          .prefix = directory,
          .base_executable = python.facts.executable,
          .base_prefix = facts.base_prefix,
          .libpython = identify_bytes(python.libpython),
          .search_paths = existing_once(facts.search_paths)};
}

}  // namespace

BuiltEnvironment build_environment(const fs::path& directory, const fs::path& staging,
                                   const Ingredients& ingredients, const Layout& layout,
                                   const InstallServices& services, InstallLog& log) {
  Builder builder(directory, staging, ingredients, layout, services, log);
  builder.create();
  builder.install_packages();
  const Interpreter interpreter = describe(builder.probe(), ingredients.python, directory, layout.platform);
  const auto packages = package_directories(interpreter, directory);
  const RecordCheck records = builder.check_files(packages);
  builder.prepare_model();
  withdraw_write_permissions(directory);
  // The inventory first, so that the files that are verified by loading are the files that are listed.
  const std::string inventory = write_inventory(directory);
  builder.verify(interpreter);
  return {interpreter, records.records_sha256, inventory};
}

}  // namespace ktx::runtime
