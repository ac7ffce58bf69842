#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "fields.hpp"
#include "ktx/app/model_check.hpp"
#include "ktx/mcp/refusal.hpp"
#include "tool_groups.hpp"

namespace ktx::mcp {
namespace {

void check_names(const Model& model, const std::optional<std::string>& connection_id,
                 const std::vector<std::string>& names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (model.find(connection_id, names[i]) != nullptr) continue;
    const bool is_broken = std::ranges::any_of(
        model.findings, [&](const Finding& finding) { return finding.source == names[i]; });
    if (is_broken) continue;
    std::vector<std::string> known;
    for (const Model::Entry& entry : model.sources) known.push_back(entry.source.name);
    const std::string meant = meant_name(names[i], known);
    const Error error(ErrorKind::model,
                      "There is no source \"" + names[i] + "\"" +
                          (meant.empty() ? "" : "; did you mean \"" + meant + "\"?"),
                      "sl_list_sources shows the names");
    const std::vector<std::string> suggestions(meant.empty() ? 0 : 1, meant);
    throw error.with({.suggestions = suggestions, .request_path = "/names/" + std::to_string(i)});
  }
}

bool concerns(const Finding& finding, const std::vector<std::string>& names) {
  if (names.empty() || std::ranges::find(names, finding.source) != names.end()) return true;
  return std::ranges::any_of(finding.concerned, [&](const std::string& source) {
    return std::ranges::find(names, source) != names.end();
  });
}

Answer validate(CallSession& session, const Engine& engine, const Json& arguments) {
  const project::Project project = session.project();
  const auto connection_id = connection_argument(project, arguments);
  const auto names = arguments.value("names", std::vector<std::string>());
  if (!names.empty()) check_names(read_model(project, connection_id), connection_id, names);
  app::ProjectCheck check(session, project, {std::nullopt, connection_id}, engine.python());
  check.ask_planner();
  const app::FindingList list = check.findings();
  Json findings = Json::array();
  std::size_t errors = 0;
  for (const app::ListedFinding& listed : list.findings) {
    if (!concerns(listed.finding, names)) continue;
    Json& item = findings.emplace_back(to_json(listed.finding));
    item["connectionId"] = listed.connection_id;
    errors += listed.finding.severity == Severity::error ? 1 : 0;
  }
  Answer answer;
  answer.head = {{"valid", errors == 0},
                 {"sources_checked", list.sources},
                 {"errors", errors},
                 {"total", findings.size()},
                 {"trust", trust_data}};
  answer.parts = {{"findings", std::move(findings)}, notes_part(session)};
  return answer;
}

}  // namespace

void add_validation_tools(ToolTable& table) {
  table.add(
      {.name = "sl_validate",
       .title = "Check the semantic layer",
       .description = "Everything that is wrong in the model's files, each with its place and what to do.",
       .example = R"({"names": ["orders"]})",
       .properties = {{"connectionId", text_schema("only its sources")},
                      {"names", list_schema(text_schema(""), "only what concerns these sources")}},
       .head = {{"valid", flag_schema("no error was found")},
                {"sources_checked", count_schema("")},
                {"errors", count_schema("")},
                {"total", count_schema("findings of every severity")},
                {"trust", trust_schema()}},
       .parts = {{"findings", list_schema({{"type", "object"},
                                           {"properties",
                                            {{"code", text_schema("")},
                                             {"severity", choice_schema({"error", "warning", "hint"}, "")},
                                             {"file", text_schema("")},
                                             {"line", or_null("integer")},
                                             {"column", or_null("integer")},
                                             {"message", text_schema("")},
                                             {"suggestions", list_schema(text_schema(""), "")},
                                             {"fix", or_null("string")},
                                             {"connectionId", text_schema("")}}},
                                           {"required", {"code", "severity", "message"}}},
                                          "")},
                 {"notes", list_schema(text_schema(""), "")}},
       .answer = [&engine = table.engine()](CallSession& session, Call&, const Json& arguments) {
         return validate(session, engine, arguments);
       }});
}

}  // namespace ktx::mcp
