#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "ktx/app/project_access.hpp"
#include "ktx/app/python_access.hpp"
#include "ktx/app/wiki_pages.hpp"
#include "ktx/search/search.hpp"
#include "ktx/wiki/wiki.hpp"
#include "tool_groups.hpp"

namespace ktx::mcp {
namespace {

Json page_item(const wiki::Page& page) {
  return {{"key", page.key},
          {"scope", wiki::name(page.scope)},
          {"path", page.path},
          {"summary", page.summary},
          {"tags", page.tags}};
}

std::vector<std::string> unread_pages(const wiki::Wiki& wiki) {
  std::vector<std::string> notes;
  for (const Finding& finding : wiki.findings) {
    notes.push_back(to_error(finding, ErrorKind::project).message());
  }
  return notes;
}

Answer search_pages(CallSession& session, const Engine& engine, const Json& arguments) {
  const project::Project project = session.project();
  const wiki::Wiki wiki = wiki::load_wiki(project.directory, app::default_user);
  std::vector<search::Document> documents;
  for (const wiki::Page& page : wiki.pages) documents.push_back(app::page_document(page));
  search::Request request;
  request.query = arguments.at("query");
  request.limit = arguments.value("limit", std::size_t{10});
  request.connection_id = search::page_collection;
  request.semantic_weight = app::page_semantic_weight;
  const app::EmbeddingChoice choice = app::choose_embeddings(session, project, engine.python());
  search::Answer found = search::search(project, session.environment, documents, request, choice.embeddings);
  Json pages = Json::array();
  for (const search::Hit& hit : found.hits) {
    Json& item = pages.emplace_back(page_item(wiki.pages[hit.document]));
    item["score"] = hit.score;
  }
  std::vector<std::string> notes = unread_pages(wiki);
  std::ranges::move(found.notes, std::back_inserter(notes));
  Answer answer;
  answer.head = {
      {"total", pages.size()}, {"limit_reached", pages.size() >= request.limit}, {"trust", trust_data}};
  answer.parts = {{"pages", std::move(pages)}, notes_part(session, std::move(notes))};
  return answer;
}

Answer read_page(CallSession& session, const Json& arguments) {
  const project::Project project = session.project();
  const wiki::Wiki wiki = wiki::load_wiki(project.directory, app::default_user);
  const auto key = arguments.at("key").get<std::string>();
  const wiki::Page* page = wiki.find(key);
  if (page == nullptr) {
    const Error error = app::page_not_found(wiki, key);
    const Error own(error.kind(), error.message(), "wiki_search finds pages", unread_pages(wiki));
    throw about_argument(own.with(error.hints()), "key");
  }
  Answer answer;
  answer.head = {{"key", page->key}, {"scope", wiki::name(page->scope)}, {"trust", trust_data}};
  answer.parts = {{"summary", page->summary},
                  {"tags", page->tags},
                  {"refs", page->refs},
                  {"sl_refs", page->sl_refs},
                  {"content", page->content}};
  return answer;
}

Json page_item_schema() {
  return object_schema({{"key", text_schema("")},
                        {"scope", text_schema("")},
                        {"path", text_schema("")},
                        {"summary", text_schema("")},
                        {"tags", list_schema(text_schema(""), "")},
                        {"score", {{"type", "number"}}}},
                       {"key", "scope", "summary"});
}

}  // namespace

void add_wiki_tools(ToolTable& table) {
  table.add(
      {.name = "wiki_search",
       .aliases = {"knowledge_search"},
       .title = "Search the wiki",
       .description = "Find pages of the project's wiki, which says what names and numbers mean.",
       .example = R"({"query": "refund policy"})",
       .properties = {{"query", {{"type", "string"}, {"minLength", 1}}},
                      {"limit", {{"type", "integer"}, {"minimum", 1}, {"maximum", 50}, {"default", 10}}}},
       .required = {"query"},
       .head = {{"total", count_schema("")}, {"limit_reached", flag_schema("")}, {"trust", trust_schema()}},
       .parts = {{"pages", list_schema(page_item_schema(), "the best first")},
                 {"notes", list_schema(text_schema(""), "")}},
       .answer = [&engine = table.engine()](CallSession& session, Call&, const Json& arguments) {
         return search_pages(session, engine, arguments);
       }});
  table.add({.name = "wiki_read",
             .aliases = {"knowledge_read"},
             .title = "Read a wiki page",
             .description = "One page of the project's wiki, in Markdown.",
             .example = R"({"key": "revenue"})",
             .properties = {{"key", {{"type", "string"}, {"minLength", 1}}}},
             .required = {"key"},
             .head = {{"key", text_schema("")}, {"scope", text_schema("")}, {"trust", trust_schema()}},
             .parts = {{"summary", text_schema("")},
                       {"tags", list_schema(text_schema(""), "")},
                       {"refs", list_schema(text_schema(""), "keys of other pages")},
                       {"sl_refs", list_schema(text_schema(""), "names of the semantic layer")},
                       {"content", text_schema("")}},
             .answer = [](CallSession& session, Call&, const Json& arguments) {
               return read_page(session, arguments);
             }});
}

}  // namespace ktx::mcp
