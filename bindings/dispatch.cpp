#include "dispatch.hpp"

#include <pybind11/pybind11.h>

#include "entry_point.hpp"

namespace py = pybind11;

namespace ktx::bindings {
namespace {

EntryPoint dispatch_function("ktx_daemon.dispatch", "dispatch");
EntryPoint preparation("ktx_daemon.dispatch", "prepare");
EntryPoint watching("ktx_daemon.interruption", "watch");

}  // namespace

std::string dispatch(std::string_view operation, std::string_view request) {
  return dispatch_function.call(py::make_tuple(py::str(operation), py::bytes(request)));
}

std::string prepare(std::string_view operation) {
  return preparation.call(py::make_tuple(py::str(operation)));
}

std::string watch_interrupts(std::string_view descriptor) {
  return watching.call(py::make_tuple(py::int_(py::str(descriptor))));
}

std::optional<double> import_milliseconds() { return dispatch_function.import_milliseconds(); }

}  // namespace ktx::bindings
