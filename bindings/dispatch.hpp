#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ktx::bindings {

/// The reply of ktx_daemon.dispatch.dispatch(operation, request), or an error reply (see EntryPoint).
std::string dispatch(std::string_view operation, std::string_view request);

/// Imports what `operation` needs and does not call it. Replies {"ok": {}}, or with the error of the import.
std::string prepare(std::string_view operation);

/// Lets what waits be interrupted once the descriptor, whose number `descriptor` is, becomes readable.
std::string watch_interrupts(std::string_view descriptor);

/// How long importing ktx_daemon.dispatch took, in milliseconds; nothing until it has been imported.
std::optional<double> import_milliseconds();

}  // namespace ktx::bindings
