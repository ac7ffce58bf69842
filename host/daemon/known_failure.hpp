#pragma once

#include <optional>
#include <string>

#include "ktx/runtime/layout.hpp"
#include "ktx/util/error.hpp"

namespace ktx::daemon {

/// Why the last start failed, kept for those who waited for it: they would fail the same way, one after the
/// other.
struct KnownFailure {
  std::string id;  ///< random: tells one failure from the next without a clock
  Error error;
};

/// The last failure; nothing when there was none, or it cannot be read.
std::optional<KnownFailure> load_failure(const runtime::Layout& layout);

void write_failure(const runtime::Layout& layout, const Error& error);

void forget_failure(const runtime::Layout& layout);

}  // namespace ktx::daemon
