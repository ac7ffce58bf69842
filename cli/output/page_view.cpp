#include "ktx/output/page_view.hpp"

#include <algorithm>

#include "ktx/output/list_view.hpp"
#include "ktx/terminal/shown_text.hpp"
#include "ktx/util/json.hpp"
#include "ktx/util/text.hpp"

namespace ktx::cli {
namespace {

// One field of a plain row. Tabs, which would end it, become blanks.
std::string row_field(std::string_view text) {
  std::string line(first_line(text));
  std::ranges::replace(line, '\t', ' ');
  return printable(line);
}

Json page_json(const wiki::Page& page) {
  return {{"key", page.key},       {"scope", wiki::name(page.scope)},
          {"path", page.path},     {"summary", page.summary},
          {"tags", page.tags},     {"refs", page.refs},
          {"slRefs", page.sl_refs}};
}

std::string page_row(const wiki::Page& page) {
  return std::string(wiki::name(page.scope)) + "\t" + printable(page.key) + "\t" + row_field(page.summary) +
         "\n";
}

std::string pretty_summary(const wiki::Page& page) {
  const std::string line = row_field(page.summary);
  return line.empty() ? "" : " — " + line;
}

std::string pretty_page_list(const std::vector<wiki::Page>& pages) {
  std::string text = "┌  Wiki pages\n";
  // Two groups, with a heading for each that has pages.
  for (const wiki::Scope scope : {wiki::Scope::global, wiki::Scope::user}) {
    const auto count = std::ranges::count(pages, scope, &wiki::Page::scope);
    if (count == 0) continue;
    text += "│\n◇  " + std::string(wiki::name(scope)) + " (" +
            counted(static_cast<std::size_t>(count), "page") + ")\n";
    for (const wiki::Page& page : pages) {
      if (page.scope == scope) text += "│    " + printable(page.key) + pretty_summary(page) + "\n";
    }
  }
  return text + "│\n└  " + (pages.empty() ? "No wiki pages found" : counted(pages.size(), "page")) + "\n";
}

std::string found_pages_json(const FoundPages& found) {
  Json items = Json::array();
  for (const FoundPage& page : found.pages) {
    Json item = page_json(page.page);
    add_hit(item, page.hit, found.lanes);
    items.push_back(std::move(item));
  }
  return list_json(std::move(items), "wiki search");
}

std::string pretty_found_pages(const FoundPages& found) {
  std::string text = "┌  Wiki search\n";
  for (const FoundPage& page : found.pages) {
    text += "│\n◇  " + printable(page.page.key) + "  score " + decimals(page.hit.score, 4) + "\n│    " +
            std::string(wiki::name(page.page.scope)) + pretty_summary(page.page) + "\n";
    const std::string reasons = hit_reasons(page.hit);
    if (!reasons.empty()) text += "│    " + reasons + "\n";
  }
  return text + "│\n└  " +
         (found.pages.empty() ? no_page_found(found) : counted(found.pages.size(), "page")) + "\n";
}

}  // namespace

std::string render_page_list(const std::vector<wiki::Page>& pages, OutputMode mode) {
  if (mode == OutputMode::pretty) return pretty_page_list(pages);
  if (mode == OutputMode::json) {
    Json items = Json::array();
    for (const wiki::Page& page : pages) items.push_back(page_json(page));
    return list_json(std::move(items), "wiki list");
  }
  std::string text;
  for (const wiki::Page& page : pages) text += page_row(page);
  return text;
}

std::string render_page(const wiki::Page& page, OutputMode mode) {
  if (mode == OutputMode::json) {
    Json json = page_json(page);
    json["content"] = page.content;
    return pretty_json({{"kind", "item"}, {"data", std::move(json)}, {"meta", {{"command", "wiki read"}}}});
  }
  return "# " + printable(page.key) + "\nScope: " + std::string(wiki::name(page.scope)) +
         "\nSummary: " + row_field(page.summary) + "\n\n" + page.content + "\n";
}

std::string render_found_pages(const FoundPages& found, OutputMode mode) {
  if (mode == OutputMode::json) return found_pages_json(found);
  if (mode == OutputMode::pretty) return pretty_found_pages(found);
  std::string text;
  for (const FoundPage& page : found.pages) text += decimals(page.hit.score, 6) + "\t" + page_row(page.page);
  return text;
}

std::string no_page_found(const FoundPages& found) {
  if (found.searched == 0) return "No wiki pages found; ktx wiki write makes one";
  return "No page matches; ktx wiki list shows all " + std::to_string(found.searched);
}

}  // namespace ktx::cli
