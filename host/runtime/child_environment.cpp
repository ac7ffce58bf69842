#include "ktx/runtime/child_environment.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <set>
#include <string_view>

#include "ktx/util/filesystem.hpp"

namespace ktx::runtime {
namespace {

namespace fs = std::filesystem;

fs::path uv_cache(const Environment& environment) {
  if (const auto chosen = environment.variable("UV_CACHE_DIR")) return environment.directory / *chosen;
  if (const auto cache = environment.variable("XDG_CACHE_HOME")) return fs::path(*cache) / "uv";
  return environment.home / ".cache/uv";
}

// Whether files can be made in `directory`, or the directory itself if it is missing.
bool is_writable(fs::path directory) {
  while (!path_exists(directory) && directory.has_relative_path()) directory = directory.parent_path();
  return ::access(directory.c_str(), W_OK | X_OK) == 0;
}

// The settings of pip that say where packages come from and how to get there. Any other could change what is
// downloaded, or where to.
const std::set<std::string, std::less<>> pip_variables_kept = {
    "PIP_CACHE_DIR",       "PIP_CERT",       "PIP_CLIENT_CERT", "PIP_CONFIG_FILE",      "PIP_DEFAULT_TIMEOUT",
    "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_INDEX_URL",   "PIP_KEYRING_PROVIDER", "PIP_NO_CACHE_DIR",
    "PIP_NO_INDEX",        "PIP_PROXY",      "PIP_RETRIES",     "PIP_TIMEOUT",          "PIP_TRUSTED_HOST",
    "PIP_USE_FEATURE"};

// In uv's variables an index may have a name before it: "corporate=https://…". pip knows no names.
std::string without_index_names(std::string_view indexes) {
  std::string urls;
  while (!indexes.empty()) {
    std::string_view index = indexes.substr(0, indexes.find(' '));
    indexes.remove_prefix(std::min(index.size() + 1, indexes.size()));
    const std::size_t equals = index.find('=');
    if (equals < index.find(':')) index.remove_prefix(equals + 1);
    if (!index.empty()) urls.append(urls.empty() ? "" : " ").append(index);
  }
  return urls;
}

// Sets pip's variable to the first of uv's variables that is set, unless the user has set pip's own.
void translate(const Environment& environment, std::map<std::string, std::string>& variables,
               const std::string& pip_name, std::initializer_list<const char*> uv_names) {
  if (environment.variable(pip_name)) return;
  for (const char* uv_name : uv_names) {
    const auto value = environment.variable(uv_name);
    if (!value) continue;
    variables[pip_name] = without_index_names(*value);
    return;
  }
}

}  // namespace

std::map<std::string, std::string> python_environment(const Environment& environment) {
  std::map<std::string, std::string> variables = environment.variables;
  std::erase_if(variables, [](const auto& variable) { return variable.first.starts_with("PYTHON"); });
  // uv would install into an activated environment.
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
                           "UV_MANAGED_PYTHON",
                           "UV_NO_MANAGED_PYTHON",
                           "UV_PREFIX",
                           "UV_PRERELEASE",
                           "UV_PROJECT",
                           "UV_PROJECT_ENVIRONMENT",
                           "UV_PYTHON",
                           "UV_PYTHON_PREFERENCE",
                           "UV_REQUIRE_HASHES",
                           "UV_RESOLUTION",
                           "UV_SYSTEM_PYTHON",
                           "UV_TARGET",
                           "UV_TORCH_BACKEND",
                           "UV_VENV_CLEAR",
                           "UV_VENV_RELOCATABLE",
                           "UV_VENV_SEED",
                           "UV_WORKING_DIR",
                           "UV_WORKING_DIRECTORY"}) {
    variables.erase(name);
  }
  // Byte code is taken without a look at its source's time: the inventory detects changes.
  variables["PYC_INVALIDATION_MODE"] = "UNCHECKED_HASH";
  // As in a container whose home directory is read-only.
  if (!is_writable(uv_cache(environment))) variables["UV_CACHE_DIR"] = private_cache.string();
  return variables;
}

std::map<std::string, std::string> pip_environment(const Environment& environment) {
  std::map<std::string, std::string> variables = python_environment(environment);
  std::erase_if(variables, [](const auto& variable) {
    return variable.first.starts_with("PIP_") && !pip_variables_kept.contains(variable.first);
  });
  variables["PIP_REQUIRE_VIRTUALENV"] = "0";  // many users set it, for their own installs
  translate(environment, variables, "PIP_INDEX_URL", {"UV_DEFAULT_INDEX", "UV_INDEX_URL"});
  translate(environment, variables, "PIP_EXTRA_INDEX_URL", {"UV_INDEX", "UV_EXTRA_INDEX_URL"});
  translate(environment, variables, "PIP_TRUSTED_HOST", {"UV_INSECURE_HOST"});
  return variables;
}

namespace {

constexpr std::array loader_names = {"LD_PRELOAD", "LD_LIBRARY_PATH"};

}  // namespace

std::string loader_variables(const Environment& environment) {
  std::string names;
  for (const char* name : loader_names) {
    if (environment.variable(name)) names += (names.empty() ? "" : " and ") + std::string(name);
  }
  return names;
}

Environment without_loader_variables(Environment environment) {
  for (const char* name : loader_names) environment.variables.erase(name);
  return environment;
}

std::string loader_fix(const Environment& environment) {
  return "Unset " + loader_variables(environment) +
         ", which puts other libraries into ktx, and run the command again";
}

}  // namespace ktx::runtime
