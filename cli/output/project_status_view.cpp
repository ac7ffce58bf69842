#include "ktx/output/project_status_view.hpp"

#include <algorithm>

#include "ktx/output/agents_view.hpp"
#include "ktx/output/list_view.hpp"

namespace ktx::cli {
namespace {

// The end of a line: "yes (onnx, all-MiniLM-L6-v2)".
std::string yes_or_no(bool ready, const std::string& more) {
  return std::string(ready ? "yes" : "no") + (more.empty() ? "" : " (" + more + ")") + "\n";
}

// Appends a word to a list; an empty word adds nothing.
std::string with_comma(const std::string& text, const std::string& word) {
  return word.empty() ? text : text + (text.empty() ? "" : ", ") + word;
}

std::string service_words(const app::ServiceStatus& service) {
  return service.ready ? with_comma(service.backend.value_or(""), service.model.value_or("")) : "";
}

std::string connection_ids(const std::vector<app::ConnectionStatus>& connections) {
  std::string ids;
  for (const app::ConnectionStatus& connection : connections) ids = with_comma(ids, connection.id);
  return ids;
}

std::string agent_words(const std::vector<app::AgentSetUp>& agents) {
  std::string words;
  for (const app::AgentSetUp& agent : agents) {
    if (!agent.is_elsewhere()) words = with_comma(words, agent.agent + " " + agent.scope);
  }
  return words;
}

// One that was set up counts until it is known to fail.
bool are_ready(const std::vector<app::AgentSetUp>& agents) {
  const bool has_some = !std::ranges::all_of(agents, &app::AgentSetUp::is_elsewhere);
  return has_some && std::ranges::all_of(agents, &app::AgentSetUp::ready);
}

std::string connection_lines(const std::vector<app::ConnectionStatus>& connections) {
  std::string text;
  for (const app::ConnectionStatus& connection : connections) {
    text += "  " + connection.id + " (" + (connection.driver.empty() ? "no driver" : connection.driver) +
            ")" + (connection.ready ? "" : ": " + connection.detail) + "\n";
  }
  return text;
}

std::string detail_line(const app::ServiceStatus& service) {
  return service.detail.empty() ? "" : "  " + service.detail + "\n";
}

// "invalid" even without any source, if that is because its file could not be read.
const char* context_word(const app::ContextStatus& context) {
  if (context.ready()) return "ready";
  return context.sources > 0 || has_errors(context.findings) ? "invalid" : "missing";
}

Json service_json(const app::ServiceStatus& service) {
  Json json = Json::object();
  if (service.backend) json["backend"] = *service.backend;
  json["ready"] = service.ready;
  if (service.model) json["model"] = *service.model;
  if (service.dimensions) json["dimensions"] = *service.dimensions;
  return json;
}

Json context_json(const app::ContextStatus& context, bool fast) {
  // Not "missing": nobody has looked.
  if (fast) return {{"ready", false}, {"status", "unread"}};
  return {{"ready", context.ready()},
          {"status", context_word(context)},
          {"sources", context.sources},
          {"measures", context.measures},
          {"pages", context.pages}};
}

}  // namespace

std::string render_project_status(const app::ProjectStatus& status, const StatusDetail& detail) {
  std::string text = "KTX project: " + status.path + "\n";
  text += "Project ready: " + yes_or_no(status.exists(), status.name.value_or(""));
  // A bare "no" reads like something left to do.
  const bool is_unused = detail.for_a_person && !status.llm.ready && !status.llm.backend;
  text += "LLM ready: " +
          yes_or_no(status.llm.ready, is_unused ? "no command of ktx uses one" : service_words(status.llm));
  if (detail.verbose) text += detail_line(status.llm);
  text += "Embeddings ready: " + yes_or_no(status.embeddings.ready, service_words(status.embeddings));
  if (detail.verbose) text += detail_line(status.embeddings);
  text +=
      "Primary sources configured: " + yes_or_no(!status.databases.empty(), connection_ids(status.databases));
  if (detail.verbose) text += connection_lines(status.databases);
  text += "Context sources configured: " + yes_or_no(!status.sources.empty(), connection_ids(status.sources));
  if (detail.verbose) text += connection_lines(status.sources);
  if (!detail.fast) text += "KTX context built: " + yes_or_no(status.context.ready(), "");
  text += "Agent integration ready: " + yes_or_no(are_ready(status.agents), agent_words(status.agents));
  if (detail.verbose || detail.agents) text += render_agents(status.agents, status.path);
  if (!detail.for_a_person) return text;
  text += "Python runtime: " + status.runtime + "\n";
  if (detail.fast || !status.exists()) return text;
  return text + "Semantic layer: " + counted(status.context.sources, "source") + ", " +
         counted(status.context.measures, "measure") + "\nWiki: " + counted(status.context.pages, "page") +
         "\n";
}

Json project_status_json(const app::ProjectStatus& status, bool fast) {
  Json project = {{"path", status.path}, {"ready", status.exists()}};
  if (status.name) project["name"] = *status.name;
  Json json = {{"project", std::move(project)},
               {"llm", service_json(status.llm)},
               {"embeddings", service_json(status.embeddings)},
               {"databases", Json::array()},
               {"sources", Json::array()},
               {"context", context_json(status.context, fast)},
               {"agents", agents_json(status.agents)},
               {"runtime", {{"status", status.runtime}}}};
  for (const app::ConnectionStatus& database : status.databases) {
    json["databases"].push_back({{"connectionId", database.id}, {"ready", database.ready}});
  }
  for (const app::ConnectionStatus& source : status.sources) {
    json["sources"].push_back(
        {{"connectionId", source.id}, {"type", source.driver}, {"ready", source.ready}});
  }
  return json;
}

}  // namespace ktx::cli
