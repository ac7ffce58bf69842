#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "ktx/plugin/plugin.hpp"
#include "ktx/runtime/interpreter.hpp"
#include "ktx/semantic/transport.hpp"

namespace ktx::plugin {

/// Calls the Python side in this process. The interpreter is loaded at the first call, so that a command
/// that needs no answer from Python never maps libpython. It outlives the transport; a process that made
/// a call ends through `leave`.
class InProcessTransport : public semantic::Transport {
 public:
  /// `plugin_directory` holds the plugins, one per minor version of CPython.
  InProcessTransport(runtime::Interpreter interpreter, std::filesystem::path plugin_directory);

  /// Throws what `Plugin::start` does, at the first call. All calls must come from one thread. A signal that
  /// arrives during a database's statement cancels the statement on the server too, within the time of
  /// `InterruptGrace`, and is thrown as `interrupted`.
  std::string call(std::string_view operation, std::string_view request) override;

  /// As `Plugin::finish`; `exit_code` when nothing was called.
  int finish(int exit_code);

 private:
  void start(std::string_view operation);
  std::string call_with_grace(std::string_view operation, std::string_view request);

  runtime::Interpreter interpreter_;
  std::filesystem::path plugin_directory_;
  Plugin* plugin_ = nullptr;
  bool watches_interrupts_ = false;
};

}  // namespace ktx::plugin
