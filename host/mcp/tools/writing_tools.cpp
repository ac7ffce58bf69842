#include <string>
#include <utility>
#include <vector>

#include "ktx/app/project_access.hpp"
#include "ktx/app/python_access.hpp"
#include "ktx/app/source_texts.hpp"
#include "ktx/app/wiki_pages.hpp"
#include "ktx/mcp/refusal.hpp"
#include "ktx/project/source_file.hpp"
#include "ktx/project/source_tree.hpp"
#include "ktx/util/error.hpp"
#include "tool_groups.hpp"

namespace ktx::mcp {
namespace {

Refusal faulty(const std::vector<Finding>& faults) {
  Json list = Json::array();
  for (const Finding& fault : faults) list.push_back(to_json(fault));
  const Error error = to_error(faults.front(), ErrorKind::model);
  return {Error(error.kind(), "Nothing was written: " + error.message(),
                error.fix().empty() ? "Correct what `findings` says" : error.fix())
              .with(error.hints()),
          {{"findings", std::move(list)}}};
}

std::string text_to_write(const Json& arguments) {
  const bool has_yaml = arguments.contains("yaml");
  if (has_yaml == arguments.contains("source")) {
    throw Error(ErrorKind::usage, "Give one of `yaml`, `source` and `delete`",
                R"(For example {"sourceName": "regions", "yaml": "name: regions\n…"})");
  }
  return has_yaml ? arguments.at("yaml").get<std::string>() : project::source_yaml(arguments.at("source"));
}

// Whether the model stays sound; throws with all that would be wrong.
void check_model(CallSession& session, const Engine& engine, const project::Project& project,
                 const std::string& connection_id, const std::string& name,
                 const std::optional<std::string>& text) {
  app::PythonAccess python(session, engine.python());
  const auto faults = app::errors_of_writing(project, connection_id, name, text,
                                             [&]() -> semantic::Transport& { return python.get(); });
  if (!faults.empty()) throw faulty(faults);
}

Answer written(const CallSession& session, const std::string& path, const char* action, Json warnings) {
  Answer answer;
  answer.head = {{"path", path}, {"action", action}, {"trust", trust_data}};
  answer.parts = {{"warnings", std::move(warnings)}, notes_part(session)};
  return answer;
}

Answer remove(CallSession& session, const Engine& engine, Call& call, const project::Project& project,
              const std::string& connection_id, const std::string& name) {
  check_model(session, engine, project, connection_id, name, std::nullopt);
  const std::string path = app::remove_source(project, connection_id, name);
  app::commit_files(session, project, {path}, "Remove semantic-layer source: " + connection_id + "/" + name);
  call.changed(source_uri(connection_id, name));
  return written(session, path, "deleted", Json::array());
}

Answer write_source(CallSession& session, const Engine& engine, Call& call, const Json& arguments) {
  const project::Project project = session.project();
  const std::string connection_id = one_connection(project, arguments);
  const auto name = arguments.at("sourceName").get<std::string>();
  if (!project::is_source_name(name)) {
    throw Error(ErrorKind::usage, "`sourceName` can have lower-case letters, digits and _: " + name,
                "Choose such a name, the same as in the YAML");
  }
  if (arguments.value("delete", false)) return remove(session, engine, call, project, connection_id, name);
  const std::string text = text_to_write(arguments);
  const auto native = project::check_source_text(project.directory, connection_id, name, text).faults;
  if (!native.empty()) throw faulty(native);
  check_model(session, engine, project, connection_id, name, text);
  const app::SourceWriting writing = app::write_source(project, connection_id, name, text);
  if (!writing.check.faults.empty()) throw faulty(writing.check.faults);
  app::commit_files(session, project, {writing.path}, writing.commit_message);
  call.changed(source_uri(connection_id, name));
  Json warnings = Json::array();
  for (const Finding& remark : writing.check.remarks) warnings.push_back(to_json(remark));
  return written(session, writing.path, "written", std::move(warnings));
}

std::optional<std::vector<std::string>> texts_argument(const Json& arguments, const char* name) {
  const auto found = arguments.find(name);
  if (found == arguments.end()) return std::nullopt;
  return found->get<std::vector<std::string>>();
}

Answer write_page(const CallSession& session, Call& call, const Json& arguments) {
  const project::Project project = session.project();
  wiki::PageDraft page;
  page.user = app::default_user;
  page.scope = arguments.value("scope", "global") == "user" ? wiki::Scope::user : wiki::Scope::global;
  page.key = arguments.at("key");
  page.summary = arguments.at("summary");
  page.content = arguments.at("content");
  page.tags = texts_argument(arguments, "tags");
  page.refs = texts_argument(arguments, "refs");
  page.sl_refs = texts_argument(arguments, "sl_refs");
  if (!wiki::is_page_key(page.key) || page.key.ends_with(".md")) {
    throw Error(ErrorKind::usage, "`key` is no key of a page: " + page.key,
                "Write a path without .md, as finance/revenue");
  }
  if (!app::is_page_summary(page.summary)) {
    throw Error(ErrorKind::usage, "`summary` must be one line of text", "Put the rest into `content`");
  }
  const app::PageWriting writing = app::write_page(project, page);
  app::commit_files(session, project, {writing.path}, writing.commit_message);
  call.changed(page_uri(page.key));
  Json warnings = Json::array();
  for (const std::string& warning : writing.warnings) {
    warnings.push_back({{"code", "unknown-reference"}, {"severity", "warning"}, {"message", warning}});
  }
  return written(session, writing.path, "written", std::move(warnings));
}

Json written_head() {
  return {{"path", text_schema("of the file, in the project")},
          {"action", choice_schema({"written", "deleted"}, "")},
          {"trust", trust_schema()}};
}

Json written_parts() {
  return {{"warnings", list_schema({{"type", "object"},
                                    {"properties", {{"code", text_schema("")}, {"message", text_schema("")}}},
                                    {"required", {"code", "message"}}},
                                   "")},
          {"notes", list_schema(text_schema(""), "such as why git made no commit")}};
}

}  // namespace

void add_writing_tools(ToolTable& table) {
  table.add(
      {.name = "sl_write_source",
       .title = "Write a source",
       .description =
           "Check the YAML of a source with the whole model, write its file and commit it. With any "
           "error nothing is written, and `findings` has all of them.",
       .example = R"({"sourceName": "regions", "yaml": "name: regions\ntable: regions\ngrain: [id]\n)"
                  R"(columns:\n  - {name: id, type: number}\n"})",
       .properties = {{"connectionId", text_schema("default: the only one")},
                      {"sourceName", {{"type", "string"}, {"minLength", 1}}},
                      {"yaml", text_schema("the whole file")},
                      {"source", {{"type", "object"}, {"description", "the same as an object"}}},
                      {"delete", {{"type", "boolean"}, {"description", "remove the file"}}}},
       .required = {"sourceName"},
       .head = written_head(),
       .parts = written_parts(),
       .annotations = {.read_only = false, .destructive = true, .idempotent = true, .open_world = false},
       .answer = [&engine = table.engine()](CallSession& session, Call& call, const Json& arguments) {
         return write_source(session, engine, call, arguments);
       }});
  const Json texts = list_schema(text_schema(""), "in place of those that the page has");
  table.add(
      {.name = "wiki_write",
       .aliases = {"knowledge_write"},
       .title = "Write a wiki page",
       .description = "Write a page of the project's wiki and commit it.",
       .example = R"({"key": "revenue", "summary": "What revenue is", "content": "Paid orders."})",
       .properties = {{"key", {{"type", "string"}, {"minLength", 1}, {"maxLength", 120}}},
                      {"summary", {{"type", "string"}, {"minLength", 1}, {"maxLength", 200}}},
                      {"content", {{"type", "string"}, {"minLength", 1}, {"description", "Markdown"}}},
                      {"tags", texts},
                      {"refs", texts},
                      {"sl_refs", texts},
                      {"scope", {{"type", "string"}, {"enum", {"global", "user"}}, {"default", "global"}}}},
       .required = {"key", "summary", "content"},
       .head = written_head(),
       .parts = written_parts(),
       .annotations = {.read_only = false, .destructive = true, .idempotent = true, .open_world = false},
       .answer = [](CallSession& session, Call& call, const Json& arguments) {
         return write_page(session, call, arguments);
       }});
}

}  // namespace ktx::mcp
