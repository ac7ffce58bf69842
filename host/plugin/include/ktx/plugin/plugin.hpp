#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "ktx/plugin/plugin_abi.h"
#include "ktx/runtime/interpreter.hpp"
#include "ktx/util/cancellation.hpp"

namespace ktx::plugin {

/// Where the plugin for `tag` ("cp313") is: <directory>/ktx-plugin-cp313.so.
std::filesystem::path plugin_path(const std::filesystem::path& directory, const std::string& tag);

/// The process's one interpreter, behind its plugin. Once started it runs until the process ends, so it
/// is never destroyed.
class Plugin {
 public:
  /// Loads libpython and the plugin of `interpreter` and starts it. Throws what `load_libpython` does;
  /// `interpreter` when this ktx has no plugin for that Python, the plugin does not load, or CPython does
  /// not start; and `internal` when the process has an interpreter already.
  static Plugin& start(const runtime::Interpreter& interpreter, const std::filesystem::path& directory);

  /// The interpreter that `start` has started in this process, or nullptr.
  static Plugin* running();

  /// Calls one operation and returns the tagged JSON reply unchanged. To be called from the thread that
  /// started the interpreter.
  std::string call(std::string_view operation, std::string_view request);

  /// Imports what `operation` needs, so that its first call can be measured without the imports. Reports no
  /// failure: the call will.
  void prepare(std::string_view operation);

  /// Lets every thread call from here on, with `call` and `call_as`; the calling thread must be the one that
  /// started the interpreter.
  void share();

  /// `call`, ended early if `cancellation` happens: what it waits for outside of the process is ended there,
  /// and the reply is an error. Only after `share`.
  std::string call_as(std::string_view operation, std::string_view request, Cancellation& cancellation);

  /// Serves HTTP until the server ends (see `ktx_plugin_api::serve`); returns the tagged JSON reply
  /// unchanged. The socket of `configuration` must be listening; calling call("serve-prepare", configuration)
  /// first reports failures early and makes the first request fast. To be called from the thread that started
  /// the interpreter.
  std::string serve(std::string_view configuration);

  /// Runs Python's atexit functions and flushes its streams, once. Returns `exit_code`, or 120 when it was
  /// 0 and a stream could not be flushed. Python must not be called afterwards.
  int finish(int exit_code);

 private:
  explicit Plugin(const ktx_plugin_api& api) : api_(api) {}

  const ktx_plugin_api& api_;
  std::atomic<bool> finished_ = false;
  std::atomic<std::uint64_t> next_call_ = 1;
};

/// Ends the process. Without an interpreter this is std::exit. With one, Python's atexit functions run, its
/// streams and the C streams are flushed, and the process leaves through _exit: finalising Python hangs or
/// crashes when extension modules keep threads. The exit code is `exit_code`, or 120 if that is 0 and
/// Python's output could not be written; `last` is called with it at the very end.
[[noreturn]] void leave(int exit_code, const std::function<void(int)>& last = {});

}  // namespace ktx::plugin
