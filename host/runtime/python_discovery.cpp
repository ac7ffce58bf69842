#include "ktx/runtime/python_discovery.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include "ktx/util/environment.hpp"

namespace ktx::runtime {
namespace {

namespace fs = std::filesystem;

/// "python", "python3", "python3.13": not "python3-config" and not "python3.13t".
bool is_python_name(std::string_view name) {
  if (!name.starts_with("python")) return false;
  name.remove_prefix(std::string_view("python").size());
  return name.empty() || name == "3" ||
         (name.starts_with("3.") && name.size() > 2 &&
          name.find_first_not_of("0123456789", 2) == std::string_view::npos);
}

/// The directory's entries by name; none when it cannot be read.
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

  /// `<directory>/*/bin`: how uv, pyenv and frameworks lay out several versions.
  void add_versions(const fs::path& directory, const std::string& source) {
    for (const fs::path& entry : sorted_entries(directory)) add_directory(entry / "bin", source);
  }

  std::vector<PythonCandidate> take() { return std::move(found_); }

 private:
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

}  // namespace ktx::runtime
