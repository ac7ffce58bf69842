#pragma once

#include <string>

#include "ktx/daemon/running_host.hpp"
#include "ktx/daemon/state.hpp"
#include "ktx/runtime/layout.hpp"

namespace ktx::cli {

/// The output of `ktx runtime start`. The token is never shown.
std::string started_text(const daemon::State& state, bool existing);
std::string started_json(const daemon::State& state, const runtime::Layout& layout, bool existing);

/// The output of `ktx runtime stop`.
std::string stopped_text(const daemon::StopResult& result);
std::string stopped_json(const daemon::StopResult& result);

/// The part of `ktx runtime status` about the daemon: whether it runs, and where. The text is empty if there
/// is no state file.
std::string daemon_status_text(const runtime::Layout& layout);
Json daemon_status_json(const runtime::Layout& layout);

}  // namespace ktx::cli
