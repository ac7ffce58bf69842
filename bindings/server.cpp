#include "server.hpp"

#include <pybind11/pybind11.h>

#include "entry_point.hpp"

namespace py = pybind11;

namespace ktx::bindings {
namespace {

EntryPoint prepare_function("ktx_daemon.server", "prepare");
EntryPoint serve_function("ktx_daemon.server", "serve");

}  // namespace

std::string prepare_server(std::string_view configuration) {
  return prepare_function.call(py::make_tuple(py::bytes(configuration)));
}

std::string serve(std::string_view configuration) {
  return serve_function.call(py::make_tuple(py::bytes(configuration)));
}

}  // namespace ktx::bindings
