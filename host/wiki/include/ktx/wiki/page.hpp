#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ktx/yaml/document.hpp"

namespace ktx::wiki {

/// Whom a page is for: everybody, or one user, whose page hides the one for all of the same key.
enum class Scope : std::uint8_t { global, user };

/// "GLOBAL", "USER": as lists have it.
std::string_view name(Scope scope);

/// One page of a project's wiki.
struct Page {
  Scope scope = Scope::global;
  std::string key;   ///< the path of its file without `.md`: "revenue", "finance/revenue"
  std::string path;  ///< of its file, relative to the project, with '/'
  std::string summary;
  std::vector<std::string> tags;
  std::vector<std::string> refs;     ///< keys of other pages
  std::vector<std::string> sl_refs;  ///< what it says something about in the semantic layer
  std::string content;               ///< Markdown, without the line breaks around it
};

/// Whether the text can be a page's key: not blank, no `..`, `\`, `//` or control character in it, no `/` or
/// `.` at its beginning and no `/` at its end, at most 120 bytes.
bool is_page_key(std::string_view key);

/// The same for a user's id, which is the name of one folder.
bool is_user_id(std::string_view id);

/// The folders of a project that hold pages, the one that new pages go to first.
inline constexpr std::array<std::string_view, 2> page_folders = {"wiki", "knowledge"};

/// "global" or "user/<user>": where the pages of a scope are in such a folder.
std::string scope_folder(Scope scope, const std::string& user);

/// The text of a page's file: YAML between two lines `---`, and Markdown. A text without such lines is
/// Markdown only.
struct PageFile {
  yaml::Node front;     ///< a mapping; places count from the file's first line
  std::string content;  ///< without the line breaks around it
};

/// The parts of the text, or why its front matter cannot be read.
std::variant<PageFile, yaml::Fault> parse_page(std::string_view text);

/// The text that `parse_page` takes apart.
std::string write_page_file(const PageFile& file);

/// The texts of a list of the front matter; what is no text in it is passed over.
std::vector<std::string> texts_of(const yaml::Node& front, std::string_view key);

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
