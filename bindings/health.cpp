#include "health.hpp"

#include <pybind11/pybind11.h>

#include <array>

#include "dispatch.hpp"
#include "ktx/util/json.hpp"
#include "python_error.hpp"

namespace py = pybind11;

namespace ktx::bindings {
namespace {

constexpr std::array packages = {"kaelio-ktx", "sqlglot", "pydantic"};

/// Extension modules of the standard library that bring a shared library along, or that some builds of
/// CPython lack.
constexpr std::array extension_modules = {"ssl", "hashlib", "_decimal", "_ctypes", "sqlite3"};

std::string reason(const py::error_already_set& error) {
  return describe(error).at("message").get<std::string>();
}

Json package_versions(Json& faults) {
  Json versions = Json::object();
  for (const char* name : packages) {
    try {
      const py::object version = py::module_::import("importlib.metadata").attr("version")(name);
      versions[name] = text(version);
    } catch (const py::error_already_set& error) {
      versions[name] = nullptr;
      faults.push_back(std::string("Package ") + name + " is not installed: " + reason(error));
    }
  }
  return versions;
}

void import_extension_modules(Json& faults) {
  for (const char* name : extension_modules) {
    try {
      py::module_::import(name);
    } catch (const py::error_already_set& error) {
      faults.push_back(std::string("Module ") + name + " does not load: " + reason(error));
    }
  }
}

Json openssl_version() {
  try {
    return text(py::module_::import("ssl").attr("OPENSSL_VERSION"));
  } catch (const py::error_already_set&) {
    return nullptr;  // already a fault of its own
  }
}

}  // namespace

std::string health() {
  const auto sys = py::module_::import("sys");
  Json faults = Json::array();
  import_extension_modules(faults);
  const std::string version = text(sys.attr("version"));
  Json report = {{"version", version.substr(0, version.find(' '))},
                 {"prefix", text(sys.attr("prefix"))},
                 {"executable", text(sys.attr("executable"))},
                 {"packages", package_versions(faults)}};
  const auto milliseconds = import_milliseconds();
  report["importMs"] = milliseconds ? Json(*milliseconds) : Json(nullptr);
  report["openssl"] = openssl_version();
  report["faults"] = std::move(faults);
  return compact_json({{"ok", std::move(report)}});
}

}  // namespace ktx::bindings
