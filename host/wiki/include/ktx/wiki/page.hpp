#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

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

}  // namespace ktx::wiki
