#include "ktx/app/wiki_pages.hpp"

#include <string_view>
#include <utility>

#include "ktx/app/project_access.hpp"
#include "ktx/project/findings.hpp"
#include "ktx/util/text.hpp"

namespace ktx::app {

search::Document page_document(const wiki::Page& page) {
  const std::string title = search::title_of(page.key);
  std::string text = title + ". " + page.summary;
  for (const std::string& tag : page.tags) text += ". " + tag;
  text += ". " + page.content;
  search::Document document;
  document.connection_id = search::page_collection;
  document.name = page.path;
  document.title = title;
  document.text = text;
  document.meaning = std::move(text);
  return document;
}

Error page_not_found(const wiki::Wiki& wiki, const std::string& key) {
  std::vector<std::string_view> keys;
  for (const wiki::Page& page : wiki.pages) keys.push_back(page.key);
  const std::string meant = project::closest(key, keys);
  const Error error(
      ErrorKind::project,
      "Wiki page \"" + key + "\" was not found" + (meant.empty() ? "" : "; did you mean \"" + meant + "\"?"),
      "ktx wiki list shows the pages that there are");
  return meant.empty() ? error : error.with({.suggestions = {meant}});
}

bool is_page_summary(const std::string& text) {
  return text.find_first_not_of(" \t") != std::string::npos &&
         text.find_first_of("\r\n") == std::string::npos && !first_invalid_utf8(text);
}

PageWriting write_page(const project::Project& project, const wiki::PageDraft& page) {
  if (page.content.find_first_not_of(" \t\r\n") == std::string::npos) {
    throw Error(ErrorKind::usage, "The page has no content", "Write it after --content, or name a --file");
  }
  // The page could not be read again.
  if (first_invalid_utf8(page.content)) {
    throw Error(ErrorKind::usage, "The page's content is not UTF-8", "Convert it to UTF-8");
  }
  PageWriting writing;
  // Written first: a dead reference may be to a page that comes next.
  writing.path = wiki::write_page(project.directory, page);
  const wiki::Wiki wiki = wiki::load_wiki(project.directory, page.user);
  writing.warnings = unknown_references(project, wiki, page.refs.value_or(std::vector<std::string>{}),
                                        page.sl_refs.value_or(std::vector<std::string>{}));
  writing.commit_message = "Write wiki page: " + page.key;
  return writing;
}

}  // namespace ktx::app
