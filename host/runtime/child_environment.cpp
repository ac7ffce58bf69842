#include "ktx/runtime/child_environment.hpp"

#include <unistd.h>

#include "ktx/util/filesystem.hpp"

namespace ktx::runtime {
namespace {

namespace fs = std::filesystem;

fs::path uv_cache(const Environment& environment) {
  if (const auto chosen = environment.variable("UV_CACHE_DIR")) return environment.directory / *chosen;
  if (const auto cache = environment.variable("XDG_CACHE_HOME")) return fs::path(*cache) / "uv";
  return environment.home / ".cache/uv";
}

/// Whether files can be made in `directory`, or it can be made itself.
bool is_writable(fs::path directory) {
  while (!path_exists(directory) && directory.has_relative_path()) directory = directory.parent_path();
  return ::access(directory.c_str(), W_OK | X_OK) == 0;
}

}  // namespace

std::map<std::string, std::string> python_environment(const Environment& environment) {
  std::map<std::string, std::string> variables = environment.variables;
  std::erase_if(variables, [](const auto& variable) { return variable.first.starts_with("PYTHON"); });
  for (const char* name : {"VIRTUAL_ENV", "CONDA_PREFIX", "__PYVENV_LAUNCHER__"}) variables.erase(name);
  return variables;
}

std::map<std::string, std::string> uv_environment(const Environment& environment,
                                                  const fs::path& private_cache) {
  std::map<std::string, std::string> variables = python_environment(environment);
  for (const char* name : {"UV_BREAK_SYSTEM_PACKAGES",
                           "UV_BUILD_CONSTRAINT",
                           "UV_CONFIG_FILE",
                           "UV_CONSTRAINT",
                           "UV_EXCLUDE",
                           "UV_EXCLUDE_NEWER",
                           "UV_NO_BINARY",
                           "UV_NO_BINARY_PACKAGE",
                           "UV_NO_VERIFY_HASHES",
                           "UV_OVERRIDE",
                           "UV_PREFIX",
                           "UV_PROJECT",
                           "UV_PROJECT_ENVIRONMENT",
                           "UV_PYTHON",
                           "UV_REQUIRE_HASHES",
                           "UV_RESOLUTION",
                           "UV_SYSTEM_PYTHON",
                           "UV_TARGET",
                           "UV_VENV_CLEAR",
                           "UV_VENV_SEED",
                           "UV_WORKING_DIR",
                           "UV_WORKING_DIRECTORY"}) {
    variables.erase(name);
  }
  // No look at a source's time before its byte code is taken: the inventory tells of changes.
  variables["PYC_INVALIDATION_MODE"] = "UNCHECKED_HASH";
  if (!is_writable(uv_cache(environment))) variables["UV_CACHE_DIR"] = private_cache.string();
  return variables;
}

}  // namespace ktx::runtime
