#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ktx::bindings {

/// Calls ktx_daemon.dispatch.dispatch(operation, request), importing it first if need be, and returns its
/// reply as it is. An exception becomes an error reply; one from the import is of kind "interpreter",
/// because then the installed packages are missing or damaged.
std::string dispatch(std::string_view operation, std::string_view request);

/// How long importing ktx_daemon.dispatch took, in milliseconds; nothing until it has been imported.
std::optional<double> import_milliseconds();

}  // namespace ktx::bindings
