#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ktx/cache/store.hpp"

namespace ktx::cli {

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
