#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "index.hpp"

namespace ktx::search {

/// Where the index of a project is, and how it is to be opened.
struct IndexPlace {
  std::filesystem::path project_directory;
  int busy_timeout_ms = 0;
  bool anew = false;  ///< what is in the index is dropped first
};

/// Runs `work` on the project's index, and once more on a better one whenever it throws `SqliteFailure`: a
/// damaged index is made anew (a damaged file moved aside first, for it is not ktx's alone), and where the
/// file cannot be used, because of a full or read-only disk or of another process, a copy in memory serves.
/// `work` starts from its beginning each time. Returns what the user should know, a line each.
///
/// Throws an `internal` error when it fails in memory too.
std::vector<std::string> with_index(const IndexPlace& place, const std::function<void(Index&)>& work);

}  // namespace ktx::search
