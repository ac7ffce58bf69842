#include "setup/progress.hpp"

#include <algorithm>

#include "ktx/project/source_tree.hpp"

namespace ktx::cli {
namespace {

std::string connections_text(const project::Config& config) {
  std::string text;
  for (const project::Connection& connection : config.connections) {
    text += (text.empty() ? "" : ", ") + connection.id + " (" + connection.driver.value_or("no driver") + ")";
  }
  return text;
}

std::string sources_text(const project::Project& project) {
  std::size_t count = 0;
  for (const std::string& id : project::connections_with_sources(project.directory)) {
    count += project::load_source_tree(project.directory, id).sources.size();
  }
  if (count == 0) return {};
  return std::to_string(count) + (count == 1 ? " source" : " sources");
}

}  // namespace

std::vector<SetupStep> setup_progress(const project::Project& project) {
  const project::Config& config = project.config;
  const auto is_done = [&](const char* id) {
    return std::ranges::find(config.setup.completed_steps, id) != config.setup.completed_steps.end();
  };
  const std::string connections = connections_text(config);
  const std::string sources = sources_text(project);
  // A project that somebody made without setup has what it has.
  return {{"project", "Project", true, config.project},
          {"databases", "Databases", is_done("databases") || !connections.empty(), connections},
          {"context", "Sources", is_done("context") || !sources.empty(), sources},
          {"llm", "Language model", is_done("llm"), ""},
          {"embeddings", "Search by meaning", is_done("embeddings") || config.embeddings.backend.has_value(),
           config.embeddings.backend.value_or("")},
          {"agents", "Files for agents", is_done("agents"), ""}};
}

std::string render_setup_progress(const std::vector<SetupStep>& steps) {
  constexpr std::size_t title_width = 19;
  std::string text;
  for (const SetupStep& step : steps) {
    if (step.id == "llm" && !step.done) continue;  // no command of this version uses one
    std::string title = step.title;
    title.resize(std::max(title.size(), title_width), ' ');
    text += "  " + title + (step.done ? (step.detail.empty() ? "done" : step.detail) : "not set up") + "\n";
  }
  return text;
}

}  // namespace ktx::cli
