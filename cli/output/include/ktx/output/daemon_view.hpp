#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ktx/cache/store.hpp"
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

/// The content of `ktx cache status`.
struct CacheStatus {
  std::filesystem::path directory;
  bool enabled = true;                   ///< neither --no-cache nor KTX_NO_CACHE is set
  std::optional<std::string> objection;  ///< why the folder is not used, if it is not
  std::vector<std::pair<cache::Kind, cache::Usage>> parts;
};

std::string cache_status_text(const CacheStatus& status);
std::string cache_status_json(const CacheStatus& status);

std::string cache_clear_text(const std::filesystem::path& directory, const cache::Usage& removed);
std::string cache_clear_json(const std::filesystem::path& directory, const cache::Usage& removed);

}  // namespace ktx::cli
