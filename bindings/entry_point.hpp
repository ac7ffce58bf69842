#pragma once

#include <pybind11/pybind11.h>

#include <optional>
#include <string>

namespace ktx::bindings {

/// A function of the installed packages that answers with bytes. It is imported when it is first called
/// and kept for the life of the process, because Python is never finalised.
class EntryPoint {
 public:
  constexpr EntryPoint(const char* module, const char* function) : module_(module), name_(function) {}

  /// Its reply as it is. An exception becomes an error reply; one from the import is of kind "interpreter",
  /// because then the installed packages are missing or damaged.
  std::string call(const pybind11::tuple& arguments);

  /// How long the import took, in milliseconds; nothing until it has been imported.
  std::optional<double> import_milliseconds() const { return import_time_; }

 private:
  void import();
  std::string import_failure(const pybind11::error_already_set& error) const;
  std::string call_imported(const pybind11::tuple& arguments) const;

  const char* module_;
  const char* name_;
  PyObject* function_ = nullptr;
  std::optional<double> import_time_;
};

}  // namespace ktx::bindings
