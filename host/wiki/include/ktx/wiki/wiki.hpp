#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ktx/util/finding.hpp"
#include "ktx/wiki/page.hpp"

namespace ktx::wiki {

/// A project's wiki as one user sees it.
struct Wiki {
  std::vector<Page> pages;        ///< sorted by key, each key once
  std::vector<Finding> findings;  ///< sorted by place; pages in such files are missing

  /// The page of that key; nullptr if there is none.
  const Page* find(std::string_view key) const;
};

/// Reads `wiki/global/**.md` and `wiki/user/<user>/**.md`, and the same below `knowledge/`, where earlier
/// projects keep their pages. A user's page hides the global one; of two with the same scope and key, the one
/// in `wiki/` is read and the other is a finding. Files and folders whose name begins with a dot are skipped.
Wiki load_wiki(const std::filesystem::path& project_directory, const std::string& user);

}  // namespace ktx::wiki
