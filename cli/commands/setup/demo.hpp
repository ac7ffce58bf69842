#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ktx::cli {

/// The folder with the demo that ktx ships with.
std::filesystem::path demo_assets(const std::filesystem::path& executable);

struct DemoResult {
  std::vector<std::string> made;  ///< the files that were written, relative to the folder
};

/// Makes the demo shop in `folder`: its ktx.yaml, sources, wiki pages and a SQLite database. Needs no Python.
/// Of a demo that is there only what is missing is made; `force` makes all of its own files again. Other
/// files stay.
///
/// Throws a `project` error when the folder has something in it and is not the demo, an `asset` error when
/// the demo's files are missing beside ktx, and an `io` error when something cannot be written.
DemoResult make_demo(const std::filesystem::path& assets, const std::filesystem::path& folder, bool force);

}  // namespace ktx::cli
