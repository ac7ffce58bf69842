#include "interpreter.hpp"

#include <pybind11/pybind11.h>

#include <array>
#include <csignal>
#include <string>
#include <utility>

#include "interpreter_config.hpp"
#include "ktx/util/error.hpp"
#include "python_error.hpp"

namespace py = pybind11;

namespace ktx::bindings {
namespace {

constexpr int flush_failed = 120;

constexpr std::array<std::pair<const char*, int>, 7> expected_flags{{{"isolated", 1},
                                                                     {"ignore_environment", 1},
                                                                     {"no_user_site", 1},
                                                                     {"no_site", 1},
                                                                     {"safe_path", 1},
                                                                     {"dont_write_bytecode", 1},
                                                                     {"utf8_mode", 1}}};

[[noreturn]] void refuse(const std::string& reason) {
  throw Error(ErrorKind::interpreter, "CPython did not start as configured: " + reason,
              "Run: ktx runtime repair");
}

py::object python_path(const std::filesystem::path& path) {
  auto text = py::reinterpret_steal<py::object>(PyUnicode_DecodeFSDefault(path.c_str()));
  if (!text) throw py::error_already_set();
  return text;
}

void require_path(const py::module_& sys, const char* name, const std::filesystem::path& expected) {
  const py::object actual = sys.attr(name);
  if (!actual.equal(python_path(expected))) {
    refuse(std::string("sys.") + name + " is " + text(actual) + ", not " + expected.string());
  }
}

void require_flags(const py::module_& sys) {
  const py::object flags = sys.attr("flags");
  for (const auto& [name, expected] : expected_flags) {
    const py::object actual = flags.attr(name);
    if (!actual.equal(py::int_(expected))) refuse(std::string("sys.flags.") + name + " is " + text(actual));
  }
}

/// Nothing but the described paths: an empty entry would be the working directory.
void require_search_paths(const py::module_& sys, const runtime::Interpreter& interpreter) {
  py::list expected;
  for (const auto& path : interpreter.search_paths) expected.append(python_path(path));
  const py::object actual = sys.attr("path");
  if (!actual.equal(expected)) refuse("sys.path is " + text(actual));
}

/// A stream that cannot be flushed is reported by the exit status; there may be nowhere to print to.
bool flush(const char* stream_name) {
  try {
    const py::object stream = py::module_::import("sys").attr(stream_name);
    const bool open = !stream.is_none() && !stream.attr("closed").cast<bool>();
    if (open) stream.attr("flush")();
    return true;
  } catch (const py::error_already_set&) {
    return false;
  }
}

/// CPython up to 3.12 finds it through the environment's pyvenv.cfg, whatever it is told.
void require_standard_library(const py::module_& sys, const runtime::Interpreter& interpreter) {
  if (sys.attr("_stdlib_dir").is_none()) {
    refuse("its standard library is not where " + (interpreter.prefix / "pyvenv.cfg").string() + " says");
  }
}

/// What site.py does in a virtual environment.
void enter_environment(const py::module_& sys, const std::filesystem::path& prefix) {
  for (const char* name : {"prefix", "exec_prefix"}) sys.attr(name) = python_path(prefix);
}

/// Importing _signal, as half the standard library does, takes SIGINT over when nobody has, whatever
/// install_signal_handlers says. Imported here and undone, the host's way of being interrupted stays.
void give_interrupts_back() {
  const auto signals = py::module_::import("_signal");
  const py::object handler = signals.attr("getsignal")(SIGINT);
  if (handler.is(signals.attr("default_int_handler")))
    signals.attr("signal")(SIGINT, signals.attr("SIG_DFL"));
}

}  // namespace

void start_interpreter(const runtime::Interpreter& interpreter) {
  initialize_python(interpreter);
  const auto sys = py::module_::import("sys");
  require_path(sys, "base_prefix", interpreter.base_prefix);
  require_path(sys, "executable", interpreter.executable);
  require_flags(sys);
  require_search_paths(sys, interpreter);
  require_standard_library(sys, interpreter);
  enter_environment(sys, interpreter.prefix);
  give_interrupts_back();
}

int finish_interpreter() {
  // The process ends: a collection now, of all that an answer left, would be for nothing.
  PyGC_Disable();
  try {
    py::module_::import("atexit").attr("_run_exitfuncs")();
  } catch (py::error_already_set& error) {
    error.discard_as_unraisable("running the atexit functions");
  }
  const bool out = flush("stdout");
  const bool err = flush("stderr");
  return out && err ? 0 : flush_failed;
}

}  // namespace ktx::bindings
