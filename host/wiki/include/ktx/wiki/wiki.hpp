#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ktx/project/diagnostic.hpp"
#include "ktx/wiki/page.hpp"

namespace ktx::wiki {

/// What a user sees of a project's wiki.
struct Wiki {
  std::vector<Page> pages;                    ///< sorted by key, each key once
  std::vector<project::Diagnostic> findings;  ///< sorted by place; pages in such files are missing

  /// Null pointer when there is none.
  const Page* find(std::string_view key) const;
};

/// Reads `wiki/global/**.md` and `wiki/user/<user>/**.md`, and the same below `knowledge/`, where earlier
/// projects keep their pages. A page of the user hides the one for all; of two with one key, the one in
/// `wiki/` is read, and the other is a finding. Files and folders whose name begins with a dot are passed
/// over.
Wiki load_wiki(const std::filesystem::path& project_directory, const std::string& user);

}  // namespace ktx::wiki
