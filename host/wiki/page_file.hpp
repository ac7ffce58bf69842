#pragma once

#include <array>
#include <string>
#include <string_view>
#include <variant>

#include "ktx/wiki/page.hpp"
#include "ktx/yaml/document.hpp"

namespace ktx::wiki {

/// The folders of a project that hold pages, the one that new pages go to first.
inline constexpr std::array<std::string_view, 2> page_folders = {"wiki", "knowledge"};

/// "global" or "user/<user>": where the pages of a scope are in such a folder.
std::string scope_folder(Scope scope, const std::string& user);

/// The text of a page's file: YAML between two lines `---`, and Markdown. A text without such lines is
/// Markdown only.
struct PageFile {
  project::YamlNode front;  ///< a mapping; places count from the file's first line
  std::string content;      ///< without the line breaks around it
};

/// The parts of the text, or why its front matter cannot be read.
std::variant<PageFile, project::YamlFault> parse_page(std::string_view text);

/// The text that `parse_page` takes apart.
std::string write_page_file(const PageFile& file);

/// The texts of a list of the front matter; what is no text in it is passed over.
std::vector<std::string> texts_of(const project::YamlNode& front, std::string_view key);

}  // namespace ktx::wiki
