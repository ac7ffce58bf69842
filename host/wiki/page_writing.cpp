#include "ktx/wiki/page_writing.hpp"

#include <utility>

#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "page_file.hpp"

namespace ktx::wiki {
namespace {

namespace fs = std::filesystem;
using project::YamlNode;

/// Where the page is, or is to be: relative to the project.
std::string path_of(const fs::path& project_directory, const PageDraft& draft) {
  const std::string rest = "/" + scope_folder(draft.scope, draft.user) + "/" + draft.key + ".md";
  for (const std::string_view folder : page_folders) {
    if (path_exists(project_directory / (std::string(folder) + rest))) return std::string(folder) + rest;
  }
  for (const std::string_view folder : page_folders) {
    if (path_exists(project_directory / folder)) return std::string(folder) + rest;
  }
  return std::string(page_folders.front()) + rest;
}

/// What the file at `path` holds; an empty page when there is none.
PageFile existing_page(const fs::path& project_directory, const std::string& path) {
  const auto text = read_file_if_exists(project_directory / path);
  auto parsed = parse_page(text.value_or(""));
  if (const auto* fault = std::get_if<project::YamlFault>(&parsed)) {
    throw Error(ErrorKind::project,
                path + ":" + std::to_string(fault->mark.line) + ":" + std::to_string(fault->mark.column) +
                    ": " + fault->message,
                "Correct the front matter of the page, or remove the file; nothing was written");
  }
  return std::get<PageFile>(std::move(parsed));
}

/// A list that is absent is made only where the page has none.
void set_list(YamlNode& front, std::string_view key, const std::optional<std::vector<std::string>>& texts) {
  if (!texts && front.find(key) != nullptr) return;
  YamlNode list = YamlNode::sequence({});
  for (const std::string& text : texts.value_or(std::vector<std::string>{})) {
    list.items.push_back(YamlNode::string(text, {}));
  }
  front.set(key, std::move(list));
}

}  // namespace

std::string write_page(const fs::path& project_directory, const PageDraft& draft) {
  std::string path = path_of(project_directory, draft);
  PageFile file = existing_page(project_directory, path);
  file.front.set("summary", YamlNode::string(draft.summary, {}));
  set_list(file.front, "tags", draft.tags);
  set_list(file.front, "refs", draft.refs);
  set_list(file.front, "sl_refs", draft.sl_refs);
  if (file.front.find("usage_mode") == nullptr) file.front.set("usage_mode", YamlNode::string("auto", {}));
  file.content = draft.content;
  write_user_file(project_directory / path, write_page_file(file));
  return path;
}

}  // namespace ktx::wiki
