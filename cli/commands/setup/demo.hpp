#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ktx::cli {

/// The folder with the files of the demo that ship with ktx.
std::filesystem::path demo_assets(const std::filesystem::path& executable);

struct DemoResult {
  std::vector<std::string> made;  ///< the files that were written, relative to the folder
};

/// Makes the demo shop in `folder`: its ktx.yaml, sources, wiki pages and a SQLite database, without Python.
/// In an existing demo only missing files are made; with `force` all of them are made again. Other files are
/// left alone.
///
/// Throws a `project` error if the folder is not empty and not the demo, an `asset` error if the files of the
/// demo are missing beside ktx, and an `io` error if something cannot be written.
DemoResult make_demo(const std::filesystem::path& assets, const std::filesystem::path& folder, bool force);

}  // namespace ktx::cli
