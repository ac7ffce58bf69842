#include "ktx/plugin/libpython.hpp"

#include <dlfcn.h>
#include <link.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/runtime/interpreter.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/spans.hpp"

namespace ktx::plugin {
namespace {

int collect_name(dl_phdr_info* info, std::size_t /*size*/, void* names) {
  if (info->dlpi_name != nullptr)
    static_cast<std::vector<std::string>*>(names)->emplace_back(info->dlpi_name);
  return 0;
}

// libpython3.so, the stable-ABI library, counts too: it holds no interpreter but is linked to one.
bool is_libpython(const std::filesystem::path& path) {
  return path.filename().string().starts_with("libpython");
}

// A libpython that this process already holds and that is not `wanted`, as LD_PRELOAD or a library
// that is linked to Python brings it in.
std::optional<std::filesystem::path> other_mapped_libpython(const runtime::FileIdentity& wanted) {
  std::vector<std::string> names;
  ::dl_iterate_phdr(collect_name, &names);
  for (const std::filesystem::path path : names) {
    std::error_code ignored;
    if (is_libpython(path) && !std::filesystem::equivalent(path, wanted.path, ignored)) return path;
  }
  return std::nullopt;
}

constexpr const char* reinstall = "Run: ktx runtime repair";

// Finds a base Python that was upgraded or removed since the install, before anything of it is loaded.
void require_identity(const runtime::FileIdentity& installed) {
  std::optional<runtime::FileIdentity> now;
  try {
    now = runtime::recognize(installed);
  } catch (const Error& error) {
    throw Error(ErrorKind::runtime_broken, "The runtime's Python library is gone: " + error.message(),
                reinstall);
  }
  if (!now) {
    throw Error(ErrorKind::runtime_broken,
                "The runtime's Python library has changed since it was installed: " + installed.path.string(),
                reinstall);
  }
}

// Two interpreters with global symbols in one process would call into each other.
void require_no_other(const runtime::FileIdentity& wanted) {
  if (const auto other = other_mapped_libpython(wanted)) {
    throw Error(ErrorKind::interpreter,
                "This process already holds another Python library: " + other->string() + ", besides " +
                    wanted.path.string(),
                "unset LD_PRELOAD and run the command again");
  }
}

std::string loader_error() {
  const char* reason = ::dlerror();
  return reason != nullptr ? reason : "the loader gives no reason";
}

// RTLD_GLOBAL: extension modules are not linked to libpython and find its symbols in the global scope.
void* open_library(const std::filesystem::path& path) {
  return ::dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL);
}

template <typename Function>
Function* symbol(void* library, const char* name) {
  return reinterpret_cast<Function*>(::dlsym(library, name));
}

// Whether `address` lies in the described file, and not in a library of the same name that the loader found
// first.
bool lies_in(const void* address, const runtime::FileIdentity& file) {
  Dl_info info{};
  if (::dladdr(address, &info) == 0 || info.dli_fname == nullptr) return false;
  std::error_code ignored;
  return std::filesystem::equivalent(info.dli_fname, file.path, ignored);
}

// Why the loaded library cannot be started as `interpreter`; empty when it can.
std::string misfit(void* library, const runtime::Interpreter& interpreter) {
  auto* const get_version = symbol<const char*()>(library, "Py_GetVersion");
  auto* const is_initialized = symbol<int()>(library, "Py_IsInitialized");
  if (get_version == nullptr || is_initialized == nullptr) return "it is not a Python library";
  if (!lies_in(reinterpret_cast<void*>(get_version), interpreter.libpython)) {
    return "its symbols come from another file";
  }
  const std::string_view version = get_version();
  if (version.find("free-threading") != std::string_view::npos) return "it is a free-threaded build";
  if (!version.starts_with(minor_version(interpreter.tag) + ".")) {
    return "it is Python " + std::string(version.substr(0, version.find(' '))) + ", not " +
           interpreter.version;
  }
  return is_initialized() != 0 ? "it is already running" : "";
}

// The two bytes of an ELF header that name the machine (e_machine, at offset 18); empty for another kind of
// file.
std::string elf_machine(const std::filesystem::path& path) {
  constexpr std::size_t place = 18;
  std::ifstream file(path, std::ios::binary);
  std::string header(place + 2, '\0');
  file.read(header.data(), static_cast<std::streamsize>(header.size()));
  return header.starts_with(
             "\x7f"
             "ELF")
             ? header.substr(place)
             : "";
}

// For a library of another machine the loader reports only that there is no such file.
bool is_for_another_machine(const std::filesystem::path& path) {
  const std::string machine = elf_machine(path);
  return !machine.empty() && machine != elf_machine("/proc/self/exe");
}

}  // namespace

void load_libpython(const runtime::Interpreter& interpreter) {
  const ScopedSpan span("load libpython");
  require_identity(interpreter.libpython);
  require_no_other(interpreter.libpython);
  // Never closed: CPython cannot be unloaded.
  void* library = open_library(interpreter.libpython.path);
  const std::string reason = library == nullptr ? loader_error() : misfit(library, interpreter);
  if (!reason.empty()) {
    throw Error(ErrorKind::interpreter,
                "Cannot load the Python library " + interpreter.libpython.path.string() + ": " + reason,
                reinstall);
  }
}

std::string why_libpython_does_not_load(const std::filesystem::path& path) {
  void* library = open_library(path);
  if (library == nullptr) {
    return is_for_another_machine(path) ? path.string() + ": it is for another machine" : loader_error();
  }
  const bool has_entry = ::dlsym(library, "Py_InitializeFromConfig") != nullptr;
  return has_entry ? "" : path.string() + ": it is not a Python library";
}

std::string minor_version(const std::string& tag) {
  constexpr std::string_view prefix = "cp3";
  const std::string_view minor = std::string_view(tag).substr(std::min(tag.size(), prefix.size()));
  const bool digits = !minor.empty() && minor.find_first_not_of("0123456789") == std::string_view::npos;
  if (!tag.starts_with(prefix) || !digits) {
    throw Error(ErrorKind::runtime_broken, "The runtime names an unknown kind of Python: '" + tag + "'",
                reinstall);
  }
  return "3." + std::string(minor);
}

}  // namespace ktx::plugin
