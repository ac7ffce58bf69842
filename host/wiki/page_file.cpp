#include "page_file.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "ktx/util/text.hpp"
#include "ktx/yaml/emitter.hpp"

namespace ktx::wiki {
namespace {

constexpr std::string_view fence = "---";

/// Takes the first line off the text; without its line break.
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

/// The front matter's lines; `text` is then what is behind them. Nothing when there is none, or no end of it.
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

}  // namespace

std::string scope_folder(Scope scope, const std::string& user) {
  return scope == Scope::global ? "global" : "user/" + user;
}

std::variant<PageFile, project::YamlFault> parse_page(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  PageFile file{project::YamlNode::mapping({}), ""};
  if (const auto front = take_front_matter(text)) {
    auto document = project::parse_yaml(*front);
    if (auto* fault = std::get_if<project::YamlFault>(&document)) {
      ++fault->mark.line;  // the line before it
      return std::move(*fault);
    }
    auto& root = std::get<project::YamlNode>(document);
    if (root.is(project::YamlKind::mapping)) {
      file.front = std::move(root);
    } else if (!root.is(project::YamlKind::null)) {
      return project::YamlFault{{0, root.mark.line + 1, root.mark.column},
                                "the front matter of a page must be a mapping",
                                "Begin it with: summary: <one line>"};
    }
  }
  file.content = without_outer_breaks(text);
  return file;
}

std::string write_page_file(const PageFile& file) {
  return "---\n" + project::to_yaml(file.front) + "---\n\n" +
         std::string(without_outer_breaks(file.content)) + "\n";
}

std::vector<std::string> texts_of(const project::YamlNode& front, std::string_view key) {
  std::vector<std::string> texts;
  const project::YamlNode* list = front.find(key);
  if (list == nullptr) return texts;
  for (const project::YamlNode& item : list->items) {
    if (!item.text.empty()) texts.push_back(item.text);
  }
  return texts;
}

}  // namespace ktx::wiki
