#include "ktx/wiki/page.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/text.hpp"
#include "ktx/yaml/emitter.hpp"

namespace ktx::wiki {
namespace {

constexpr std::string_view fence = "---";

// Takes the first line off the text; without its line break.
std::string_view take_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool is_fence(std::string_view line) {
  while (line.ends_with(' ') || line.ends_with('\t')) line.remove_suffix(1);
  return line == fence;
}

std::string_view without_outer_breaks(std::string_view text) {
  while (text.starts_with('\n') || text.starts_with('\r')) text.remove_prefix(1);
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

// The front matter's lines; `text` is left with what follows them. std::nullopt if there is no front matter,
// or no line that ends it.
std::optional<std::string_view> take_front_matter(std::string_view& text) {
  std::string_view rest = text;
  if (!is_fence(take_line(rest))) return std::nullopt;
  const std::string_view begin = rest;
  while (!rest.empty()) {
    const auto before = static_cast<std::size_t>(rest.data() - begin.data());
    if (!is_fence(take_line(rest))) continue;
    text = rest;
    return begin.substr(0, before);
  }
  return std::nullopt;
}

// The key becomes a path below the wiki's folder, which it must not leave, also on Windows.
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

std::string scope_folder(Scope scope, const std::string& user) {
  return scope == Scope::global ? "global" : "user/" + user;
}

std::variant<PageFile, yaml::Fault> parse_page(std::string_view text) {
  // The byte order mark of UTF-8, which would hide the fence.
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  PageFile file{yaml::Node::mapping({}), ""};
  if (const auto front = take_front_matter(text)) {
    auto document = yaml::parse(*front);
    if (auto* fault = std::get_if<yaml::Fault>(&document)) {
      ++fault->mark.line;  // the fence before the front matter
      return std::move(*fault);
    }
    auto& root = std::get<yaml::Node>(document);
    if (root.is(yaml::Kind::mapping)) {
      file.front = std::move(root);
    } else if (!root.is(yaml::Kind::null)) {
      return yaml::Fault{{0, root.mark.line + 1, root.mark.column},
                         "the front matter of a page must be a mapping",
                         "Begin it with: summary: <one line>"};
    }
  }
  file.content = without_outer_breaks(text);
  return file;
}

std::string write_page_file(const PageFile& file) {
  return "---\n" + yaml::to_yaml(file.front) + "---\n\n" + std::string(without_outer_breaks(file.content)) +
         "\n";
}

std::vector<std::string> texts_of(const yaml::Node& front, std::string_view key) {
  std::vector<std::string> texts;
  const yaml::Node* list = front.find(key);
  if (list == nullptr) return texts;
  for (const yaml::Node& item : list->items) {
    if (!item.text.empty()) texts.push_back(item.text);
  }
  return texts;
}

std::string_view name(Scope scope) { return scope == Scope::global ? "GLOBAL" : "USER"; }

bool is_page_key(std::string_view key) { return is_path_token(key); }

bool is_user_id(std::string_view id) { return is_path_token(id) && id.find('/') == std::string_view::npos; }

namespace {

namespace fs = std::filesystem;
using yaml::Node;

// Where the page is, or will be, relative to the project.
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

// The page in the file at `path`; an empty page if there is no file.
PageFile existing_page(const fs::path& project_directory, const std::string& path) {
  const auto text = read_file_if_exists(project_directory / path);
  auto parsed = parse_page(text.value_or(""));
  if (const auto* fault = std::get_if<yaml::Fault>(&parsed)) {
    throw Error(ErrorKind::project,
                path + ":" + std::to_string(fault->mark.line) + ":" + std::to_string(fault->mark.column) +
                    ": " + fault->message,
                "Correct the front matter of the page, or remove the file; nothing was written");
  }
  return std::get<PageFile>(std::move(parsed));
}

// A list that the draft does not have is added only if the page lacks it.
void set_list(yaml::Node& front, std::string_view key, const std::optional<std::vector<std::string>>& texts) {
  if (!texts && front.find(key) != nullptr) return;
  yaml::Node list = yaml::Node::sequence({});
  for (const std::string& text : texts.value_or(std::vector<std::string>{})) {
    list.items.push_back(yaml::Node::string(text, {}));
  }
  front.set(key, std::move(list));
}

}  // namespace

std::string write_page(const fs::path& project_directory, const PageDraft& draft) {
  std::string path = path_of(project_directory, draft);
  PageFile file = existing_page(project_directory, path);
  file.front.set("summary", yaml::Node::string(draft.summary, {}));
  set_list(file.front, "tags", draft.tags);
  set_list(file.front, "refs", draft.refs);
  set_list(file.front, "sl_refs", draft.sl_refs);
  if (file.front.find("usage_mode") == nullptr) file.front.set("usage_mode", yaml::Node::string("auto", {}));
  file.content = draft.content;
  write_user_file(project_directory / path, write_page_file(file));
  return path;
}

}  // namespace ktx::wiki
