#pragma once

#include <filesystem>
#include <optional>

#include "ktx/runtime/interpreter.hpp"

namespace ktx::plugin {

/// A libpython that this process already holds and that is not `wanted`, as LD_PRELOAD or a library
/// that is linked to Python brings it in.
std::optional<std::filesystem::path> other_mapped_libpython(const runtime::FileIdentity& wanted);

}  // namespace ktx::plugin
