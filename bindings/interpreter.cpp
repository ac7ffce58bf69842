#include "ktx/runtime/interpreter.hpp"

#include <Python.h>
#include <pybind11/pybind11.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>

#include "interpreter.hpp"
#include "ktx/util/error.hpp"
#include "python_error.hpp"

namespace py = pybind11;

namespace ktx::bindings {
namespace {

// Names what failed: CPython's reasons alone ("memory allocation failed") do not.
void check(const PyStatus& status, const std::string& step) {
  if (PyStatus_Exception(status) == 0) return;
  std::string reason = status.err_msg != nullptr ? status.err_msg : "no reason given";
  if (status.func != nullptr) reason = std::string(status.func) + ": " + reason;
  if (PyStatus_IsExit(status) != 0) reason = "it asked to exit with " + std::to_string(status.exitcode);
  throw Error(ErrorKind::interpreter, "CPython does not start: " + step + ": " + reason,
              "Run: ktx runtime repair");
}

class Config {
 public:
  Config() { PyConfig_InitIsolatedConfig(&config_); }
  Config(const Config&) = delete;
  Config& operator=(const Config&) = delete;
  ~Config() { PyConfig_Clear(&config_); }

  PyConfig* operator->() { return &config_; }

  void set(wchar_t*& field, const std::string& value, const std::string& step) {
    check(PyConfig_SetBytesString(&config_, &field, value.c_str()), step);
  }

  void append_search_path(const std::string& path) {
    wchar_t* wide = Py_DecodeLocale(path.c_str(), nullptr);
    if (wide == nullptr) check(PyStatus_NoMemory(), "search paths");
    const PyStatus status = PyWideStringList_Append(&config_.module_search_paths, wide);
    PyMem_RawFree(wide);
    check(status, "search paths");
  }

  void initialize() { check(Py_InitializeFromConfig(&config_), "initialisation"); }

 private:
  PyConfig config_{};
};

// UTF-8 whatever the locale says, so that a path or a reply does not depend on LC_ALL.
void preinitialize() {
  PyPreConfig config;
  PyPreConfig_InitIsolatedConfig(&config);
  config.utf8_mode = 1;
  check(Py_PreInitialize(&config), "pre-initialisation");
}

// Most of these are the defaults of an isolated configuration; they are set because they are a contract.
void set_flags(Config& config) {
  config->use_environment = 0;          // PYTHONHOME and its kin belong to the user's own Python
  config->user_site_directory = 0;      // nothing from ~/.local beside what was installed and verified
  config->site_import = 0;              // no .pth files, and a third of the start-up time
  config->safe_path = 1;                // no json.py of the working directory
  config->write_bytecode = 0;           // install compiled everything; a query writes nothing
  config->install_signal_handlers = 0;  // Ctrl-C belongs to ktx
  config->parse_argv = 0;               // the arguments belong to ktx
  config->pathconfig_warnings = 0;      // a wrong path is reported as an error, not printed
  config->buffered_stdio = 1;           // ktx flushes before it leaves
#if PY_VERSION_HEX >= 0x030E0000
  config->remote_debug = 0;  // nobody runs code of theirs in a process that holds passwords
#endif
}

// Unchecked .pyc files are trusted without looking at the sources, and the streams are UTF-8 but pass
// through bytes that are not.
void set_strings(Config& config) {
  config.set(config->check_hash_pycs_mode, "never", "check_hash_pycs_mode");
  config.set(config->stdio_encoding, "utf-8", "stdio_encoding");
  config.set(config->stdio_errors, "surrogateescape", "stdio_errors");
}

// Where the standard library is among the search paths. Without it CPython would print a page about its
// configuration and then fail without a reason.
std::filesystem::path standard_library(const runtime::Interpreter& interpreter) {
  for (const auto& directory : interpreter.search_paths) {
    std::error_code ignored;
    if (std::filesystem::is_directory(directory / "encodings", ignored)) return directory;
  }
  throw Error(ErrorKind::interpreter,
              "The standard library of CPython " + interpreter.version + " is gone from " +
                  interpreter.search_paths.front().string(),
              "Run: ktx runtime repair");
}

// What CPython would otherwise work out from the disk. `home` stays unset: it would switch the virtual
// environment off. The program name is the environment's python, so that multiprocessing and
// subprocess(sys.executable) start a real one. `prefix` and `exec_prefix` stay unset too and are given
// after the start, as site.py does: CPython up to 3.12 overlooks its own standard library when they are
// set, and the modules that are frozen into libpython (os, codecs) then have no __file__.
void set_paths(Config& config, const runtime::Interpreter& interpreter) {
  config.set(config->program_name, interpreter.executable.string(), "program_name");
  config.set(config->executable, interpreter.executable.string(), "executable");
  config.set(config->base_executable, interpreter.base_executable.string(), "base_executable");
  config.set(config->base_prefix, interpreter.base_prefix.string(), "base_prefix");
  config.set(config->base_exec_prefix, interpreter.base_prefix.string(), "base_exec_prefix");
  config.set(config->stdlib_dir, standard_library(interpreter).string(), "stdlib_dir");
  for (const auto& path : interpreter.search_paths) config.append_search_path(path.string());
  config->module_search_paths_set = 1;
}

// Starts CPython as `interpreter` describes it, isolated from the user's environment, arguments and
// working directory. The description reaches the plugin as the JSON of
// ktx/runtime/interpreter_json.hpp, which is the whole configuration: version, tag, soabi, executable,
// prefix, baseExecutable, basePrefix, libpython, searchPaths.
//
// Throws an `interpreter` error with CPython's own reason. CPython cannot be started again after that.
void initialize_python(const runtime::Interpreter& interpreter) {
  // The one variable that CPython obeys even when isolated: it would replace sys.executable.
  ::unsetenv("__PYVENV_LAUNCHER__");
  preinitialize();
  Config config;
  set_flags(config);
  set_strings(config);
  set_paths(config, interpreter);
  config.initialize();
}

// The exit code of CPython itself when a stream cannot be flushed.
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

// Nothing but the described paths: an empty entry would be the working directory.
void require_search_paths(const py::module_& sys, const runtime::Interpreter& interpreter) {
  py::list expected;
  for (const auto& path : interpreter.search_paths) expected.append(python_path(path));
  const py::object actual = sys.attr("path");
  if (!actual.equal(expected)) refuse("sys.path is " + text(actual));
}

// A stream that cannot be flushed is reported by the exit status; there may be nowhere to print to.
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

// CPython up to 3.12 finds its standard library through the environment's pyvenv.cfg, whatever it is told.
void require_standard_library(const py::module_& sys, const runtime::Interpreter& interpreter) {
  if (sys.attr("_stdlib_dir").is_none()) {
    refuse("its standard library is not where " + (interpreter.prefix / "pyvenv.cfg").string() + " says");
  }
}

// What site.py does in a virtual environment.
void enter_environment(const py::module_& sys, const std::filesystem::path& prefix) {
  for (const char* name : {"prefix", "exec_prefix"}) sys.attr(name) = python_path(prefix);
}

// Importing _signal, which half of the standard library does, installs Python's SIGINT handler if there is
// none, whatever install_signal_handlers says. So it is imported here, and the handler removed again.
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
  // The process is about to end: collecting the garbage of its last answer would be wasted time.
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
