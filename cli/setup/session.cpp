#include "setup/session.hpp"

#include <algorithm>

#include "ktx/project/config_edit.hpp"
#include "ktx/project/config_file.hpp"
#include "ktx/project/repository.hpp"
#include "ktx/project/scaffold.hpp"

namespace ktx::cli {
namespace {

constexpr const char* project_file = "ktx.yaml";

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
  if (!outcome.note.empty()) say(outcome.note);
  files_.clear();
}

std::unique_ptr<semantic::Transport> SetupSession::connect() const {
  PythonOptions options;
  options.install = options_.policy;
  return connect_(options);
}

}  // namespace ktx::cli
