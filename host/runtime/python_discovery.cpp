#include "ktx/runtime/python_discovery.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include "ktx/runtime/child_environment.hpp"
#include "ktx/runtime/system_package.hpp"
#include "ktx/util/environment.hpp"
#include "ktx/util/filesystem.hpp"

namespace ktx::runtime {
namespace {

namespace fs = std::filesystem;

// "python", "python3", "python3.13": not "python3-config" and not "python3.13t".
bool is_python_name(std::string_view name) {
  if (!name.starts_with("python")) return false;
  name.remove_prefix(std::string_view("python").size());
  return name.empty() || name == "3" ||
         (name.starts_with("3.") && name.size() > 2 &&
          name.find_first_not_of("0123456789", 2) == std::string_view::npos);
}

// The directory's entries, sorted by name; empty if it cannot be read.
std::vector<fs::path> sorted_entries(const fs::path& directory) {
  std::vector<fs::path> entries;
  std::error_code ignored;
  for (fs::directory_iterator at(directory, ignored), end; at != end; at.increment(ignored)) {
    entries.push_back(at->path());
  }
  std::sort(entries.begin(), entries.end());
  return entries;
}

class Collector {
 public:
  void add_directory(const fs::path& directory, const std::string& source) {
    // pyenv's, asdf's and mise's shims answer differently in every folder.
    if (directory.filename() == "shims") return;
    for (const fs::path& entry : sorted_entries(directory)) {
      if (is_python_name(entry.filename().string()) && is_executable_file(entry)) add(entry, source);
    }
  }

  // `<directory>/*/bin`: how uv, pyenv and frameworks lay out several versions.
  void add_versions(const fs::path& directory, const std::string& source) {
    for (const fs::path& entry : sorted_entries(directory)) add_directory(entry / "bin", source);
  }

  std::vector<PythonCandidate> take() { return std::move(found_); }

 private:
  // By canonical path: python, python3 and python3.12 are often links to one file, and each is asked once.
  void add(const fs::path& executable, const std::string& source) {
    std::error_code ignored;
    if (seen_.insert(fs::canonical(executable, ignored)).second) found_.push_back({executable, source});
  }

  std::vector<PythonCandidate> found_;
  std::set<fs::path> seen_;
};

void add_uv_managed(Collector& collector, const Environment& environment, const Layout& layout) {
  if (const auto chosen = environment.variable("UV_PYTHON_INSTALL_DIR")) {
    collector.add_versions(*chosen, "uv");
  }
  if (const auto data = environment.variable("XDG_DATA_HOME")) {
    collector.add_versions(fs::path(*data) / "uv/python", "uv");
  }
  collector.add_versions(environment.home / ".local/share/uv/python", "uv");
  collector.add_versions(own_python_dir(layout), "uv");
}

void add_path(Collector& collector, const Environment& environment) {
  for (const fs::path& directory : path_directories(environment)) collector.add_directory(directory, "PATH");
}

void add_conda(Collector& collector, const Environment& environment) {
  // The activated environment first: the user chose it.
  if (const auto prefix = environment.variable("CONDA_PREFIX")) {
    collector.add_directory(fs::path(*prefix) / "bin", "conda");
  }
  for (const char* name : {"miniforge3", "miniconda3", "anaconda3", "mambaforge"}) {
    collector.add_directory(environment.home / name / "bin", "conda");
  }
}

void add_system(Collector& collector, const Environment& environment, const fs::path& root) {
  if (environment.platform == Platform::macos) {
    collector.add_directory(root / "opt/homebrew/bin", "system");
    collector.add_versions(root / "opt/homebrew/opt", "system");
    collector.add_versions(root / "Library/Frameworks/Python.framework/Versions", "system");
  }
  for (const char* directory : {"usr/local/bin", "usr/bin", "opt/conda/bin"}) {
    collector.add_directory(root / directory, "system");
  }
}

}  // namespace

fs::path own_python_dir(const Layout& layout) { return layout.tools_dir / "python"; }

std::vector<PythonCandidate> discover_pythons(const Environment& environment, const Layout& layout,
                                              const fs::path& file_system_root) {
  Collector collector;
  add_uv_managed(collector, environment, layout);
  const auto pyenv = environment.variable("PYENV_ROOT");
  collector.add_versions((pyenv ? fs::path(*pyenv) : environment.home / ".pyenv") / "versions", "pyenv");
  add_path(collector, environment);
  add_conda(collector, environment);
  add_system(collector, environment, file_system_root);
  return collector.take();
}

namespace {

bool is_version_number(std::string_view text) {
  return text.starts_with('3') && text.find_first_not_of("0123456789.") == std::string_view::npos;
}

// Whether 3.12.1 is what "3", "3.12" or "3.12.1" asks for.
bool has_version(const PythonFacts& facts, std::string_view requested) {
  return facts.version == requested || facts.version.starts_with(std::string(requested) + ".");
}

// The discovered Pythons with the name of a command.
std::vector<PythonCandidate> named(const std::vector<PythonCandidate>& candidates, std::string_view name) {
  std::vector<PythonCandidate> matching;
  std::copy_if(candidates.begin(), candidates.end(), std::back_inserter(matching),
               [&](const PythonCandidate& candidate) { return candidate.executable.filename() == name; });
  return matching;
}

// The command that a shell would run: its name may be one that no search looks for, as python3.14t.
std::vector<PythonCandidate> on_path(const Environment& environment, const std::string& name) {
  for (const fs::path& directory : path_directories(environment)) {
    if (is_executable_file(directory / name)) return {{directory / name, "requested"}};
  }
  return {};
}

std::vector<PythonCandidate> candidates(const InterpreterSearchContext& context,
                                        const std::optional<std::string>& requested) {
  // As a shell does: a name with a slash is a path.
  if (requested && requested->find('/') != std::string::npos) {
    return {{context.environment.directory / *requested, "requested"}};
  }
  auto found = discover_pythons(context.environment, context.layout);
  if (!requested || is_version_number(*requested)) return found;
  auto matching = named(found, *requested);
  return matching.empty() ? on_path(context.environment, *requested) : matching;
}

// Asks the base Python of the virtual environment that the candidate may belong to: that environment may be
// deleted while the runtime stays.
ProbedPython probe_base(const InterpreterSearchContext& context, const fs::path& executable) {
  const auto environment = python_environment(context.environment);
  ProbedPython probed = probe_python(context.runner, executable, environment);
  if (!probed.facts || probed.facts->base_executable == probed.facts->executable) return probed;
  return probe_python(context.runner, probed.facts->base_executable, environment);
}

// Why the version is not one of those allowed; empty if it is.
std::string unwanted_minor(const InterpreterSearchContext& context, const PythonFacts& facts) {
  std::string wanted;
  for (const std::string& minor : context.minors) {
    if (facts.version.starts_with(minor + ".")) return {};
    wanted += (wanted.empty() ? "" : ", ") + minor;
  }
  return wanted.empty() ? std::string() : "the bundle is for Python " + wanted;
}

void consider(const InterpreterSearchContext& context, const fs::path& executable,
              const std::optional<std::string>& version, InterpreterSearch& search) {
  ProbedPython probed = probe_base(context, executable);
  if (!probed.facts) {
    search.rejected.push_back({executable, {}, std::move(probed.rejection)});
    return;
  }
  PythonFacts& facts = *probed.facts;
  if (version && !has_version(facts, *version)) {
    search.rejected.push_back({executable, facts.version, "another version is asked for"});
    return;
  }
  if (std::string reason = unwanted_minor(context, facts); !reason.empty()) {
    search.rejected.push_back({executable, facts.version, std::move(reason)});
    return;
  }
  // Loading a library takes longer than everything else here, and only the newest Python counts.
  if (search.best && facts.numbers <= search.best->facts.numbers) return;
  JudgedPython judged = judge_python(facts, context.layout.plugin_dir, context.loads);
  if (!judged.rejection.empty()) {
    search.rejected.push_back({executable, facts.version, std::move(judged.rejection)});
    return;
  }
  search.best = FitPython{std::move(facts), std::move(judged.libpython)};
}

}  // namespace

InterpreterSearch search_interpreters(const InterpreterSearchContext& context,
                                      const std::optional<std::string>& requested) {
  const auto version = requested && is_version_number(*requested) ? requested : std::nullopt;
  InterpreterSearch search;
  for (const PythonCandidate& candidate : candidates(context, requested)) {
    consider(context, candidate.executable, version, search);
  }
  return search;
}

namespace {

// The system's own Python, if its shared library is all that it lacks: "3.11"; else empty.
std::string system_minor_without_library(const InterpreterSearch& search) {
  for (const RejectedPython& python : search.rejected) {
    const bool is_of_system = python.executable.parent_path() == "/usr/bin";
    if (is_of_system && python.reason == no_shared_library)
      return python.version.substr(0, python.version.rfind('.'));
  }
  return {};
}

// What brings a Python that this ktx can load, by a program that is on this machine; else what is needed.
std::string way_to_install(const Environment& environment, const Layout& layout,
                           const InterpreterSearch& search) {
  const std::string minor = system_minor_without_library(search);
  const std::string library = minor.empty() ? "" : debian_command(environment, "libpython" + minor);
  if (!library.empty()) return "Install that of Python " + minor + ", " + library;
  const std::string python = "Install a CPython with a shared library";
  const std::set<int> minors = plugin_minors(layout.plugin_dir);
  const std::string newest = minors.empty() ? "" : " 3." + std::to_string(*minors.rbegin());
  if (find_program(environment, "uv")) return python + ", for example with `uv python install" + newest + "`";
  const std::string system = python_packages(environment);
  if (!system.empty()) return python + ", " + system;
  return python + (newest.empty() ? "" : ", the newest that this ktx can load is" + newest);
}

}  // namespace

Error no_interpreter(const Environment& environment, const Layout& layout, const InterpreterSearch& search,
                     const std::optional<std::string>& requested) {
  std::string message = "No Python that ktx can run was found";
  if (requested) message += " for \"" + *requested + "\"";
  std::vector<std::string> reasons;
  for (const RejectedPython& python : search.rejected) {
    const std::string version = python.version.empty() ? "" : " (" + python.version + ")";
    reasons.push_back(python.executable.string() + version + ": " + python.reason);
  }
  return {ErrorKind::interpreter, std::move(message),
          requested ? "Name another one with --python or KTX_PYTHON, or leave the choice to ktx"
                    : way_to_install(environment, layout, search) + ", then run: ktx runtime install --yes",
          std::move(reasons)};
}

std::optional<std::string> requested_interpreter(const Environment& environment,
                                                 const std::optional<std::string>& option) {
  return option ? option : environment.variable("KTX_PYTHON");
}

}  // namespace ktx::runtime
