#include "entry_point.hpp"

#include <chrono>

#include "python_error.hpp"
#include "reply.hpp"

namespace py = pybind11;

namespace ktx::bindings {
namespace {

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

}  // namespace

std::string EntryPoint::call(const py::tuple& arguments) {
  if (function_ == nullptr) {
    try {
      import();
    } catch (const py::error_already_set& error) {
      return import_failure(error);
    }
  }
  try {
    return call_imported(arguments);
  } catch (const py::error_already_set& error) {
    return error_reply(describe(error));
  }
}

void EntryPoint::import() {
  const CollectorPause pause;
  const auto begin = std::chrono::steady_clock::now();
  py::object imported = py::module_::import(module_).attr(name_);
  function_ = imported.release().ptr();
  import_time_ = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  py::module_::import("gc").attr("freeze")();
}

std::string EntryPoint::import_failure(const py::error_already_set& error) const {
  Json described = describe(error);
  if (error.matches(PyExc_Exception)) {
    described["kind"] = interpreter_kind;
    described["message"] =
        std::string("Cannot import ") + module_ + ": " + described["message"].get<std::string>();
    described["fix"] = "Run: ktx runtime repair";
  }
  return error_reply(described);
}

std::string EntryPoint::call_imported(const py::tuple& arguments) const {
  const py::object reply = py::handle(function_)(*arguments);
  if (py::isinstance<py::bytes>(reply)) return std::string(py::reinterpret_borrow<py::bytes>(reply));
  return error_reply(
      "internal", std::string(module_) + " returned " + Py_TYPE(reply.ptr())->tp_name + " instead of bytes");
}

}  // namespace ktx::bindings
