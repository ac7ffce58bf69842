#pragma once

#include <functional>

namespace ktx::plugin {

/// Ends the process. Without an interpreter that is std::exit. With one, Python's atexit functions run,
/// its streams and the C streams are flushed, and the process leaves through _exit: finalising Python
/// hangs or crashes when extension modules keep threads. The status is `exit_code`, or 120 when that is 0
/// and Python's output could not be written; `last` is told it when everything else is done.
[[noreturn]] void leave(int exit_code, const std::function<void(int)>& last = {});

}  // namespace ktx::plugin
