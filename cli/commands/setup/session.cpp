#include "setup/session.hpp"

#include <algorithm>

#include "ktx/app/agent_files.hpp"
#include "ktx/app/python_access.hpp"
#include "ktx/app/runtime_session.hpp"
#include "ktx/project/config.hpp"
#include "ktx/project/config_edit.hpp"
#include "ktx/project/project.hpp"
#include "ktx/project/repository.hpp"
#include "ktx/project/source_tree.hpp"

namespace ktx::cli {
namespace {

constexpr const char* project_file = "ktx.yaml";

std::vector<std::string> database_drivers(const project::Config& config) {
  std::vector<std::string> drivers;
  for (const std::string& id : config.setup.database_connection_ids) {
    // The user may have removed it from ktx.yaml by hand.
    const project::Connection* connection = config.find_connection(id);
    if (connection != nullptr && connection->driver) drivers.push_back(*connection->driver);
  }
  return drivers;
}

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
    count += project::load_source_tree(project.directory, id).count();
  }
  if (count == 0) return {};
  return std::to_string(count) + (count == 1 ? " source" : " sources");
}

}  // namespace

project::Config SetupSession::config() const { return project::load_project(directory_).config; }

bool SetupSession::is_complete(const std::string& step) const {
  const auto steps = config().setup.completed_steps;
  return std::ranges::find(steps, step) != steps.end();
}

void SetupSession::set(const std::vector<std::string>& path, const Json& value) {
  project::edit_config_file(directory_, [&](const std::string& text) {
    return project::set_config_value(text, project_file, path, value);
  });
  add_file(project_file);
}

void SetupSession::remove(const std::vector<std::string>& path) {
  project::edit_config_file(directory_, [&](const std::string& text) {
    return project::remove_config_value(text, project_file, path);
  });
  add_file(project_file);
}

void SetupSession::complete(const std::string& step) {
  if (is_complete(step)) return;
  project::complete_setup_step(directory_, step);
  add_file(project_file);
}

void SetupSession::add_file(const std::string& path) {
  if (std::ranges::find(files_, path) == files_.end()) files_.push_back(path);
}

void SetupSession::commit(const std::string& message) {
  if (files_.empty()) return;
  ProcessRunner runner;
  const auto outcome =
      project::commit_files(directory_, config().storage, files_, message, context_.environment, runner);
  // The files are written: that they are not committed is no reason to stop.
  if (!outcome.note.empty()) say(outcome.note);
  files_.clear();
}

void SetupSession::forget_file(const std::string& path) { std::erase(files_, path); }

semantic::Transport& SetupSession::python() {
  // The user was asked once in this run; that is enough.
  if (no_python_) throw Error(*no_python_);
  if (python_) return *python_;
  try {
    python_ = connect_to(database_drivers(config()));
  } catch (const Error& error) {
    // Other errors, such as a network that is down, may be gone at the next try.
    if (error.kind() == ErrorKind::runtime_missing) no_python_ = error;
    throw;
  }
  return *python_;
}

std::unique_ptr<semantic::Transport> SetupSession::connect_to(const std::vector<std::string>& drivers) {
  const auto open = [this](const std::vector<std::string>& reached) {
    return app::PythonAccess::open(
        context_, {.install = options_.policy, .features = app::features_of_drivers(reached)});
  };
  try {
    return open(drivers);
  } catch (const Error& error) {
    const auto needs_core_only = [](const std::string& driver) {
      return app::features_of_drivers({driver}) == app::features_of_drivers({});
    };
    // Without the drivers the core may still be enough for some of the databases.
    if (error.kind() != ErrorKind::runtime_missing) throw;
    if (std::ranges::all_of(drivers, needs_core_only)) throw;
    if (std::ranges::none_of(drivers, needs_core_only)) throw;
  }
  return open({});
}

namespace {

// What `ktx status` says of the same files, not what setup once did.
std::string agents_text(const project::Project& project, const std::filesystem::path& home) {
  std::string text;
  std::string last;
  for (const app::AgentStatus& agent : app::agents_told(project.directory, home)) {
    if (agent.target != last) text += (text.empty() ? "" : ", ") + agent.target;
    last = agent.target;
  }
  return text;
}

}  // namespace

std::vector<SetupStep> setup_progress(const project::Project& project, const std::filesystem::path& home) {
  const project::Config& config = project.config;
  const auto is_done = [&](const char* id) {
    return std::ranges::find(config.setup.completed_steps, id) != config.setup.completed_steps.end();
  };
  const std::string connections = connections_text(config);
  const std::string sources = sources_text(project);
  const std::string agents = agents_text(project, home);
  // A project made without setup has no completed steps: what is in it counts.
  return {{"project", "Project", true, config.project},
          {"databases", "Databases", is_done("databases") || !connections.empty(), connections},
          {"context", "Sources", is_done("context") || !sources.empty(), sources},
          {"llm", "Language model", is_done("llm"), ""},
          {"embeddings", "Search by meaning", is_done("embeddings") || config.embeddings.backend.has_value(),
           config.embeddings.backend.value_or("")},
          {"agents", "Files for agents", is_done("agents") || !agents.empty(), agents}};
}

namespace {

std::string state_of(const SetupStep& step) {
  if (!step.done) return "not set up";
  if (!step.detail.empty()) return step.detail;
  // The step can be done without a file: nobody was to be told.
  return step.id == "agents" ? "none" : "done";
}

}  // namespace

std::string render_setup_progress(const std::vector<SetupStep>& steps) {
  constexpr std::size_t title_width = 19;
  std::string text;
  for (const SetupStep& step : steps) {
    if (step.id == "llm" && !step.done) continue;  // no command of this version uses one
    std::string title = step.title;
    title.resize(std::max(title.size(), title_width), ' ');
    text += "  " + title + state_of(step) + "\n";
  }
  return text;
}

}  // namespace ktx::cli
