#pragma once

#include <functional>
#include <string>

#include "ktx/runtime/layout.hpp"
#include "ktx/util/file_lock.hpp"

namespace ktx::runtime {

/// The right to change what is under the runtime root. Waits for another process that has it, and says so
/// once. Throws `install` or `io` when the lock cannot be made, `interrupted` on a signal.
FileLock lock_root(const Layout& layout, const std::function<void(const std::string&)>& notice);

}  // namespace ktx::runtime
