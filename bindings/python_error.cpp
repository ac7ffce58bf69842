#include "python_error.hpp"

#include <utility>

namespace py = pybind11;

namespace ktx::bindings {
namespace {

std::string utf8(py::handle unicode) {
  const auto bytes = py::reinterpret_steal<py::object>(
      PyUnicode_AsEncodedString(unicode.ptr(), "utf-8", "backslashreplace"));
  if (!bytes) throw py::error_already_set();
  char* data = nullptr;
  Py_ssize_t size = 0;
  if (PyBytes_AsStringAndSize(bytes.ptr(), &data, &size) != 0) throw py::error_already_set();
  return {data, static_cast<std::size_t>(size)};
}

// "ValueError", "sqlglot.errors.ParseError": the module is left out where everybody knows it.
std::string qualified_name(py::handle type) {
  try {
    std::string name = text(type.attr("__qualname__"));
    const std::string module = text(type.attr("__module__"));
    if (module != "builtins") name.insert(0, module + ".");
    return name;
  } catch (py::error_already_set&) {
    return reinterpret_cast<PyTypeObject*>(type.ptr())->tp_name;
  }
}

// As Python prints it. Empty if even that fails, as it may after a MemoryError.
std::string traceback(const py::error_already_set& error) {
  try {
    const py::object lines =
        py::module_::import("traceback")
            .attr("format_exception")(error.type(), error.value(),
                                      error.trace() ? py::object(error.trace()) : py::none());
    return text(py::str("").attr("join")(lines));
  } catch (py::error_already_set&) {
    return {};
  }
}

// The rule of sys.exit: nothing is 0, an integer is itself, anything else is printed and means 1.
std::pair<long, std::string> exit_status(const py::error_already_set& error) {
  const py::object code = py::getattr(error.value(), "code", py::none());
  if (code.is_none()) return {0, "0"};
  // CPython prints such a value to stderr and exits with 1.
  if (PyLong_Check(code.ptr()) == 0) return {1, "1: " + text(code)};
  int overflow = 0;
  const long status = PyLong_AsLongAndOverflow(code.ptr(), &overflow);
  return {overflow == 0 ? status : -1, text(code)};
}

std::string message(const py::error_already_set& error, const std::string& name) {
  const std::string detail = text(error.value());
  return detail.empty() ? name : name + ": " + detail;
}

}  // namespace

std::string text(py::handle object) {
  try {
    const auto unicode = py::reinterpret_steal<py::object>(PyObject_Str(object.ptr()));
    if (!unicode) throw py::error_already_set();
    return utf8(unicode);
  } catch (py::error_already_set&) {
    return std::string("<unprintable ") + Py_TYPE(object.ptr())->tp_name + ">";
  }
}

Json describe(const py::error_already_set& error) {
  const std::string name = qualified_name(error.type());
  Json details = {{"exception", name}};
  std::string kind = "internal";
  std::string what;
  if (error.matches(PyExc_KeyboardInterrupt)) {
    kind = "interrupted";
    what = "Interrupted";
  } else if (error.matches(PyExc_SystemExit)) {
    const auto [status, shown] = exit_status(error);
    details["exitStatus"] = status;
    what = "Python code tried to end the process with status " + shown;
  } else if (error.matches(PyExc_MemoryError)) {
    what = "Python ran out of memory";
  } else {
    what = message(error, name);
  }
  details["traceback"] = traceback(error);
  return {{"kind", kind}, {"message", what}, {"details", std::move(details)}};
}

}  // namespace ktx::bindings
