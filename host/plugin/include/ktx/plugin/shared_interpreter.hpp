#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string_view>

#include "ktx/plugin/plugin.hpp"
#include "ktx/runtime/interpreter.hpp"
#include "ktx/semantic/transport.hpp"
#include "ktx/util/cancellation.hpp"

namespace ktx::plugin {

/// The interpreter of a process that answers many clients at once: any thread may ask it, and what one of
/// them asks can be cancelled alone. Databases are waited for side by side; Python itself runs one at a time.
class SharedInterpreter {
 public:
  /// Nothing is loaded before `start`, or the first question. `plugin_directory` holds the plugins, one per
  /// minor version of CPython.
  SharedInterpreter(runtime::Interpreter interpreter, std::filesystem::path plugin_directory)
      : interpreter_(std::move(interpreter)), plugin_directory_(std::move(plugin_directory)) {}

  /// Loads the interpreter, and what `operation` needs, unless that was done. Throws what `Plugin::start`
  /// does, each time.
  void start(std::string_view operation);

  /// A way to ask for one client. This and `cancellation` must outlive it. A cancelled question throws
  /// `interrupted`.
  std::unique_ptr<semantic::Transport> transport(Cancellation& cancellation);

 private:
  friend class ClientTransport;
  Plugin& plugin();

  runtime::Interpreter interpreter_;
  std::filesystem::path plugin_directory_;
  std::mutex mutex_;
  Plugin* plugin_ = nullptr;
};

}  // namespace ktx::plugin
