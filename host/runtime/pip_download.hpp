#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "helper_python.hpp"
#include "ktx/util/environment.hpp"
#include "ktx/util/subprocess.hpp"

namespace ktx::runtime {

/// Wheels to be downloaded by pip: exactly those of a hashed list, for the Python that runs it.
struct PipDownload {
  const HelperPython& python;
  std::filesystem::path requirements;
  std::filesystem::path destination;    ///< a folder
  bool no_index = false;                ///< only from `find_links`
  std::vector<std::string> find_links;  ///< folders or addresses
  std::chrono::minutes time_limit{10};
};

/// Why the download failed, in one line; nothing when it did not. The index, proxies and certificates are
/// those that the user has configured for pip, or for uv.
std::optional<std::string> pip_download(CommandRunner& runner, const Environment& environment,
                                        const PipDownload& download);

}  // namespace ktx::runtime
