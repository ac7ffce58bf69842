#include "dispatch.hpp"

#include <pybind11/pybind11.h>

#include <chrono>
#include <mutex>
#include <new>
#include <utility>

#include "python_error.hpp"

namespace py = pybind11;

namespace ktx::bindings {
namespace {

EntryPoint dispatch_function("ktx_daemon.dispatch", "dispatch");
EntryPoint preparation("ktx_daemon.dispatch", "prepare");
EntryPoint watching("ktx_daemon.interruption", "watch");
EntryPoint beginning("ktx_daemon.interruption", "begin");
EntryPoint interrupting("ktx_daemon.interruption", "interrupt");
EntryPoint dispatch_call_function("ktx_daemon.dispatch", "dispatch_call");

constexpr std::string_view out_of_memory =
    R"({"error":{"kind":"internal","message":"Out of memory while answering"}})";

// Importing allocates many objects and makes no garbage. With the collector on, it would walk all of them
// several times during the import, and again in every later collection.
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

std::string dispatch(std::string_view operation, std::string_view request) {
  return dispatch_function.call(py::make_tuple(py::str(operation), py::bytes(request)));
}

std::string prepare(std::string_view operation) {
  return preparation.call(py::make_tuple(py::str(operation)));
}

std::string dispatch_as(std::uint64_t number, const std::function<bool()>& is_cancelled,
                        std::string_view operation, std::string_view request) {
  std::string begun = beginning.call(py::make_tuple(number));
  if (!begun.starts_with(R"({"ok":)")) return begun;
  if (is_cancelled()) interrupt(number);
  return dispatch_call_function.call(py::make_tuple(number, py::str(operation), py::bytes(request)));
}

void interrupt(std::uint64_t number) { interrupting.call(py::make_tuple(number)); }

std::string watch_interrupts(std::string_view descriptor) {
  return watching.call(py::make_tuple(py::int_(py::str(descriptor))));
}

std::optional<double> import_milliseconds() { return dispatch_function.import_milliseconds(); }

std::string error_reply(std::string_view kind, std::string_view message, std::string_view fix) {
  Json error = {{"kind", kind}, {"message", message}};
  if (!fix.empty()) error["fix"] = fix;
  return error_reply(error);
}

std::string error_reply(const Json& error) { return compact_json({{"error", error}}); }

void give(std::string json, ktx_reply* reply) noexcept {
  auto* owner = new (std::nothrow) std::string(std::move(json));
  if (owner == nullptr) return give_out_of_memory(reply);
  *reply = {{owner->data(), owner->size()}, owner};
}

void give_out_of_memory(ktx_reply* reply) noexcept {
  *reply = {{out_of_memory.data(), out_of_memory.size()}, nullptr};
}

void release(ktx_reply* reply) noexcept {
  delete static_cast<std::string*>(reply->owner);
  *reply = {{nullptr, 0}, nullptr};
}

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
  // One at a time: two threads that import modules which import each other would wait for each other, and
  // Python lets one of them go on with a module that is not whole. Waited for without the interpreter.
  static std::mutex importing;
  std::unique_lock lock(importing, std::defer_lock);
  {
    const py::gil_scoped_release others_may_run;
    lock.lock();
  }
  if (function_ != nullptr) return;
  const CollectorPause pause;
  const auto begin = std::chrono::steady_clock::now();
  // Not PyImport_Import: that looks the module up once more when it has been imported, and finds nothing
  // while another thread that imports it too puts it into its place.
  const py::object imported_module = py::module_::import("importlib").attr("import_module")(module_);
  py::object imported = imported_module.attr(name_);
  // A bare pointer: static destructors run when the process ends, and must not touch Python then.
  function_ = imported.release().ptr();
  import_time_ = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  // What was imported lives as long as the process, so later collections need not look at it.
  py::module_::import("gc").attr("freeze")();
}

std::string EntryPoint::import_failure(const py::error_already_set& error) const {
  Json described = describe(error);
  // KeyboardInterrupt and SystemExit are no Exceptions: they say nothing about the installed packages.
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
