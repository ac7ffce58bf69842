#pragma once

#include <string>
#include <vector>

#include "ktx/project/project.hpp"
#include "ktx/search/document.hpp"
#include "ktx/util/error.hpp"
#include "ktx/wiki/page.hpp"
#include "ktx/wiki/wiki.hpp"

namespace ktx::app {

/// A wiki is small, and its prose is found by meaning above all, so that lane counts more.
inline constexpr double page_semantic_weight = 3;

/// What a page is found by: key, summary, tags and content.
search::Document page_document(const wiki::Page& page);

/// The error for a key that the user sees no page of, with what was probably meant.
Error page_not_found(const wiki::Wiki& wiki, const std::string& key);

/// Whether the text can be a page's summary: one line of UTF-8 that is not blank.
bool is_page_summary(const std::string& text);

/// A page that was written.
struct PageWriting {
  std::string path;                   ///< relative to the project
  std::vector<std::string> warnings;  ///< one for each reference that leads nowhere
  std::string commit_message;         ///< for `commit_files`
};

/// Writes the page. Throws a `usage` error if its content is blank or not UTF-8, and what `wiki::write_page`
/// throws.
PageWriting write_page(const project::Project& project, const wiki::PageDraft& page);

}  // namespace ktx::app
