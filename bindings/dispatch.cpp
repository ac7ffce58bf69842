#include "dispatch.hpp"

#include <pybind11/pybind11.h>

#include <chrono>

#include "python_error.hpp"
#include "reply.hpp"

namespace py = pybind11;

namespace ktx::bindings {
namespace {

constexpr const char* module_name = "ktx_daemon.dispatch";

/// The imported function. Kept for the life of the process, because Python is never finalised.
PyObject* function = nullptr;
std::optional<double> import_time;

/// Importing allocates many objects and makes no garbage: the collector would only look at them, again
/// and again, and afterwards with every collection.
class CollectorPause {
 public:
  CollectorPause() = default;
  CollectorPause(const CollectorPause&) = delete;
  CollectorPause& operator=(const CollectorPause&) = delete;
  ~CollectorPause() {
    if (was_enabled_ != 0) PyGC_Enable();
  }

 private:
  int was_enabled_ = PyGC_Disable();
};

void import_function() {
  const CollectorPause pause;
  const auto begin = std::chrono::steady_clock::now();
  py::object imported = py::module_::import(module_name).attr("dispatch");
  function = imported.release().ptr();
  import_time = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  py::module_::import("gc").attr("freeze")();
}

std::string import_failure(const py::error_already_set& error) {
  Json described = describe(error);
  if (error.matches(PyExc_Exception)) {
    described["kind"] = interpreter_kind;
    described["message"] =
        std::string("Cannot import ") + module_name + ": " + described["message"].get<std::string>();
    described["fix"] = "Run: ktx runtime repair";
  }
  return error_reply(described);
}

std::string call_function(std::string_view operation, std::string_view request) {
  const py::object reply = py::handle(function)(py::str(operation), py::bytes(request));
  if (py::isinstance<py::bytes>(reply)) return std::string(py::reinterpret_borrow<py::bytes>(reply));
  return error_reply("internal", std::string(module_name) + " returned " + Py_TYPE(reply.ptr())->tp_name +
                                     " instead of bytes");
}

}  // namespace

std::string dispatch(std::string_view operation, std::string_view request) {
  if (function == nullptr) {
    try {
      import_function();
    } catch (const py::error_already_set& error) {
      return import_failure(error);
    }
  }
  try {
    return call_function(operation, request);
  } catch (const py::error_already_set& error) {
    return error_reply(describe(error));
  }
}

std::optional<double> import_milliseconds() { return import_time; }

}  // namespace ktx::bindings
