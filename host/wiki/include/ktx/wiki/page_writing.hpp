#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ktx/wiki/page.hpp"

namespace ktx::wiki {

/// What is to be written of a page. A list that is absent stays as the page has it.
struct PageDraft {
  Scope scope = Scope::global;
  std::string user;  ///< of a page for one user
  std::string key;
  std::string summary;
  std::string content;
  std::optional<std::vector<std::string>> tags = {};
  std::optional<std::vector<std::string>> refs = {};
  std::optional<std::vector<std::string>> sl_refs = {};
};

/// Writes the page, whole or not at all, and returns its path relative to the project. A page that is there
/// already is replaced where it lies, and what else its front matter holds stays. A new one goes to `wiki/`,
/// or to `knowledge/` in a project that keeps its pages there. Throws a `project` error, with the place, when
/// the front matter of the page that is there cannot be read, and `io` errors.
std::string write_page(const std::filesystem::path& project_directory, const PageDraft& draft);

}  // namespace ktx::wiki
