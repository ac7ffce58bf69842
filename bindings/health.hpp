#pragma once

#include <string>

namespace ktx::bindings {

/// The reply of the operation "health": what the running interpreter says of itself.
/// {"ok": {version, prefix, executable, packages{name: version or null}, importMs, openssl, faults[]}}.
/// `importMs` is null when ktx_daemon.dispatch has not been imported; `openssl` is null when ssl does not
/// load. Each fault is one sentence; none means that everything looked at works.
std::string health();

}  // namespace ktx::bindings
