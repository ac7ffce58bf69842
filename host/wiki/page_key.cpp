#include <algorithm>

#include "ktx/wiki/page.hpp"

namespace ktx::wiki {
namespace {

bool is_path_token(std::string_view text) {
  constexpr std::size_t longest = 120;
  const bool is_blank = text.find_first_not_of(" \t\r\n") == std::string_view::npos;
  if (is_blank || text.size() > longest || text[0] == '/' || text[0] == '.' || text.back() == '/')
    return false;
  for (const std::string_view part : {"..", "\\", "//", "/."}) {
    if (text.find(part) != std::string_view::npos) return false;
  }
  return std::ranges::none_of(text, [](unsigned char c) { return c < ' ' || c == 0x7F; });
}

}  // namespace

std::string_view name(Scope scope) { return scope == Scope::global ? "GLOBAL" : "USER"; }

bool is_page_key(std::string_view key) { return is_path_token(key); }

bool is_user_id(std::string_view id) { return is_path_token(id) && id.find('/') == std::string_view::npos; }

}  // namespace ktx::wiki
