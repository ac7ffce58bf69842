#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "ktx/plugin/plugin_abi.h"
#include "ktx/runtime/interpreter.hpp"

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

  /// Calls one operation; the tagged JSON reply as it came. To be called from the thread that started it.
  std::string call(std::string_view operation, std::string_view request);

  /// Imports what `operation` needs, so that what its first call does besides can be measured. Says nothing
  /// of a failure: the call does.
  void prepare(std::string_view operation);

  /// Serves HTTP until the server's end (see `ktx_plugin_api::serve`); the tagged JSON reply as it came.
  /// The socket of `configuration` must be listening; call("serve-prepare", configuration) before it lets
  /// a failure show and the first request be quick. To be called from the thread that started it.
  std::string serve(std::string_view configuration);

  /// Runs Python's atexit functions and flushes its streams, once. Returns `exit_code`, or 120 when it was
  /// 0 and a stream could not be flushed. Python must not be called afterwards.
  int finish(int exit_code);

 private:
  explicit Plugin(const ktx_plugin_api& api) : api_(api) {}

  const ktx_plugin_api& api_;
  bool finished_ = false;
};

/// Ends the process. Without an interpreter that is std::exit. With one, Python's atexit functions run,
/// its streams and the C streams are flushed, and the process leaves through _exit: finalising Python
/// hangs or crashes when extension modules keep threads. The status is `exit_code`, or 120 when that is 0
/// and Python's output could not be written; `last` is told it when everything else is done.
[[noreturn]] void leave(int exit_code, const std::function<void(int)>& last = {});

}  // namespace ktx::plugin
