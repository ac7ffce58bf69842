#include <pybind11/pybind11.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "dispatch.hpp"
#include "interpreter.hpp"
#include "ktx/plugin/plugin_abi.h"
#include "ktx/runtime/interpreter.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/json.hpp"
#include "python_error.hpp"

#define KTX_TEXT_OF(macro) KTX_TEXT(macro)
#define KTX_TEXT(text) #text

namespace py = pybind11;

namespace ktx::bindings {
namespace {

constexpr std::array packages = {"kaelio-ktx", "sqlglot", "pydantic"};

// Extension modules of the standard library that bring a shared library along, or that some builds of
// CPython lack.
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

// The reply of the operation "health": what the running interpreter reports about itself.
// {"ok": {version, prefix, executable, packages{name: version or null}, importMs, openssl, faults[]}}.
// `importMs` is null until ktx_daemon.dispatch has been imported; `openssl` is null if ssl does not load.
// Each fault is one sentence; without faults, everything that was tried works.
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

EntryPoint prepare_function("ktx_daemon.server", "prepare");
EntryPoint serve_function("ktx_daemon.server", "serve");

// Imports the HTTP server, builds it from its configuration (see ktx_daemon.server) and loads what the
// configuration lists under "warm": {"ok": {}}, or an error reply.
std::string prepare_server(std::string_view configuration) {
  return prepare_function.call(py::make_tuple(py::bytes(configuration)));
}

// Serves on the configuration's listening socket, on the calling thread, until the server's end:
// {"ok": {reason, signal}}, or an error reply.
std::string serve(std::string_view configuration) {
  return serve_function.call(py::make_tuple(py::bytes(configuration)));
}

constexpr const char* python_tag = "cp" KTX_TEXT_OF(PY_MAJOR_VERSION) KTX_TEXT_OF(PY_MINOR_VERSION);

enum class State { not_started, failed, running };
State state = State::not_started;

// The one place where C++ exceptions end; nothing passes the C boundary.
template <typename Answer>
void reply_with(ktx_reply* reply, Answer answer) noexcept {
  try {
    try {
      give(answer(), reply);
    } catch (const pybind11::error_already_set& error) {
      give(error_reply(describe(error)), reply);
    } catch (const Error& error) {
      give(error_reply(id(error.kind()), error.message(), error.fix()), reply);
    } catch (const std::exception& error) {
      give(error_reply("internal", error.what()), reply);
    }
    // What is thrown while an error reply is put together, such as std::bad_alloc.
  } catch (...) {
    give_out_of_memory(reply);
  }
}

// Whether every thread may call. From then on no thread holds the interpreter between two calls.
std::atomic<bool> shared = false;

// Holds the interpreter for one call, if it is shared; else the one thread that calls holds it anyway.
class Holding {
 public:
  Holding() {
    if (shared) state_ = PyGILState_Ensure();
  }
  Holding(const Holding&) = delete;
  Holding& operator=(const Holding&) = delete;
  ~Holding() {
    if (state_) PyGILState_Release(*state_);
  }

 private:
  std::optional<PyGILState_STATE> state_;
};

std::string start_once(std::string_view configuration) {
  // CPython cannot be initialised twice in one process, not even after a failed start.
  if (state != State::not_started) return error_reply(interpreter_kind, "CPython was already started");
  state = State::failed;
  const Json document = parse_json(configuration, "the interpreter's configuration", ErrorKind::interpreter);
  start_interpreter(runtime::interpreter_from_json(
      JsonObject(document, "the interpreter's configuration", ErrorKind::interpreter)));
  state = State::running;
  return compact_json({{"ok", {{"version", PY_VERSION}}}});
}

// Why Python cannot be called now; std::nullopt if it can.
std::optional<std::string> obstacle() {
  if (state != State::running) return "CPython is not running";
  if (PyGILState_Check() == 0) return "CPython was called from another thread than it was started from";
  return std::nullopt;
}

std::string answer_call(std::string_view operation, std::string_view request) {
  if (const auto reason = obstacle()) return error_reply(interpreter_kind, *reason);
  if (operation == "health") return health();
  if (operation == "prepare") return prepare(request);
  if (operation == "watch-interrupts") return watch_interrupts(request);
  if (operation == "serve-prepare") return prepare_server(request);
  return dispatch(operation, request);
}

std::string answer_as(std::uint64_t number, const std::function<bool()>& is_cancelled,
                      std::string_view operation, std::string_view request) {
  if (const auto reason = obstacle()) return error_reply(interpreter_kind, *reason);
  return dispatch_as(number, is_cancelled, operation, request);
}

std::string answer_serve(std::string_view configuration) {
  if (const auto reason = obstacle()) return error_reply(interpreter_kind, *reason);
  return serve(configuration);
}

std::string_view view(ktx_bytes bytes) { return {bytes.data, bytes.size}; }

extern "C" {

void plugin_start(ktx_bytes configuration, ktx_reply* reply) {
  reply_with(reply, [&] { return start_once(view(configuration)); });
}

void plugin_call(ktx_bytes operation, ktx_bytes request, ktx_reply* reply) {
  const Holding holding;
  reply_with(reply, [&] { return answer_call(view(operation), view(request)); });
}

void plugin_share() {
  if (obstacle() || shared) return;
  PyEval_SaveThread();  // its state stays with the thread that started Python
  shared = true;
}

void plugin_call_as(uint64_t number, int (*is_cancelled)(void*), void* context, ktx_bytes operation,
                    ktx_bytes request, ktx_reply* reply) {
  const Holding holding;
  reply_with(reply, [&] {
    return answer_as(
        number, [&] { return is_cancelled(context) != 0; }, view(operation), view(request));
  });
}

void plugin_interrupt(uint64_t number) {
  const Holding holding;
  try {
    if (!obstacle()) interrupt(number);
  } catch (const std::exception&) {
    return;  // the call ends by its own limit
  }
}

void plugin_serve(ktx_bytes configuration, ktx_reply* reply) {
  reply_with(reply, [&] { return answer_serve(view(configuration)); });
}

void plugin_release(ktx_reply* reply) { release(reply); }

int plugin_finish() {
  const Holding holding;
  try {
    return state == State::running ? finish_interpreter() : 0;
  } catch (const std::exception&) {
    return 120;
  }
}

}  // extern "C"

constexpr ktx_plugin_api api = {KTX_PLUGIN_ABI_VERSION, python_tag,   plugin_start,   plugin_call,
                                plugin_serve,           plugin_share, plugin_call_as, plugin_interrupt,
                                plugin_release,         plugin_finish};

}  // namespace

}  // namespace ktx::bindings

extern "C" __attribute__((visibility("default"))) const ktx_plugin_api* ktx_plugin_entry(
    uint32_t abi_version) {
  return abi_version == KTX_PLUGIN_ABI_VERSION ? &ktx::bindings::api : nullptr;
}
