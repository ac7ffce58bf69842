#pragma once

#include <string>

#include "ktx/daemon/running_host.hpp"
#include "ktx/daemon/state.hpp"
#include "ktx/runtime/layout.hpp"

namespace ktx::cli {

/// What `ktx runtime start` prints. The token is never shown.
std::string started_text(const daemon::State& state, bool existing);
std::string started_json(const daemon::State& state, const runtime::Layout& layout, bool existing);

/// What `ktx runtime stop` prints.
std::string stopped_text(const daemon::StopResult& result);
std::string stopped_json(const daemon::StopResult& result);

/// The daemon's part of `ktx runtime status`: whether it runs, and where. Empty text when there is no state.
std::string daemon_status_text(const runtime::Layout& layout);
Json daemon_status_json(const runtime::Layout& layout);

}  // namespace ktx::cli
