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

/// Who sees a page: everybody, or one user, for whom it hides the global page of the same key.
enum class Scope : std::uint8_t { global, user };

/// "GLOBAL", "USER": as lists show it.
std::string_view name(Scope scope);

/// One page of a project's wiki.
struct Page {
  Scope scope = Scope::global;
  std::string key;   ///< the path of its file without `.md`: "revenue", "finance/revenue"
  std::string path;  ///< of its file, relative to the project, with '/'
  std::string summary;
  std::vector<std::string> tags;
  std::vector<std::string> refs;     ///< keys of other pages
  std::vector<std::string> sl_refs;  ///< what it is about in the semantic layer
  std::string content;               ///< Markdown, without the line breaks around it
};

/// Whether the text can be a page's key: at most 120 bytes, not blank, without `..`, `\`, `//` and control
/// characters, not beginning with `/` or `.` and not ending in `/`.
bool is_page_key(std::string_view key);

/// Whether the text can be a user's id: as a page's key, but without `/`, because it names one folder.
bool is_user_id(std::string_view id);

/// The folders of a project that hold pages, the one that new pages go to first.
inline constexpr std::array<std::string_view, 2> page_folders = {"wiki", "knowledge"};

/// "global" or "user/<user>": the folder of a scope's pages, inside one of `page_folders`.
std::string scope_folder(Scope scope, const std::string& user);

/// The text of a page's file: YAML between two lines `---`, and Markdown. A text without such lines is
/// Markdown only.
struct PageFile {
  yaml::Node front;     ///< a mapping; places count from the file's first line
  std::string content;  ///< without the line breaks around it
};

/// Splits the text, or returns why its front matter cannot be read.
std::variant<PageFile, yaml::Fault> parse_page(std::string_view text);

/// The inverse of `parse_page`.
std::string write_page_file(const PageFile& file);

/// The texts of a list in the front matter; other values in it are skipped.
std::vector<std::string> texts_of(const yaml::Node& front, std::string_view key);

/// A page to be written. A list that is absent here stays as the existing page has it.
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

/// Writes the page, whole or not at all, and returns its path relative to the project. An existing page is
/// replaced in its place, and the other keys of its front matter stay. A new page goes to `wiki/`, or to
/// `knowledge/` if the project keeps its pages there. Throws a `project` error with the place if the front
/// matter of the existing page cannot be read, and `io` errors.
std::string write_page(const std::filesystem::path& project_directory, const PageDraft& draft);

}  // namespace ktx::wiki
