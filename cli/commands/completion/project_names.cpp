#include "completion/project_names.hpp"

#include <exception>
#include <filesystem>
#include <set>

#include "ktx/util/text.hpp"

namespace ktx::cli {
namespace {

namespace fs = std::filesystem;

/// The shell expands a leading ~ only when the command runs.
std::string with_home(std::string folder, const Environment& environment) {
  const auto home = environment.variable("HOME");
  if (home && (folder == "~" || folder.starts_with("~/"))) folder.replace(0, 1, *home);
  return folder;
}

bool is_any(const yaml::Node& /*node*/) { return true; }

bool is_shown(const yaml::Node& column) {
  return column.find_text("visibility").value_or("public") != "hidden";
}

bool is_time(const yaml::Node& column) {
  return is_shown(column) && (column.find_text("type") == "time" || column.find_text("role") == "time");
}

Candidate named(std::string name, const std::string& description) {
  return {std::move(name), std::string(first_line(description))};
}

/// The pages below `folder`, by their path without the suffix.
void add_pages(const fs::path& folder, std::set<std::string>& keys) {
  std::error_code ignored;
  for (fs::recursive_directory_iterator at(folder, ignored), end; at != end; at.increment(ignored)) {
    if (at->path().extension() != ".md") continue;
    keys.insert(at->path().lexically_relative(folder).replace_extension().generic_string());
  }
}

}  // namespace

ProjectNames::ProjectNames(const Environment& environment, std::optional<std::string> directory,
                           std::optional<std::string> connection)
    : connection_(std::move(connection)) {
  try {
    std::optional<fs::path> option;
    if (directory) option = with_home(*std::move(directory), environment);
    project_ = project::load_project(project::find_project_directory(option, environment));
  } catch (const std::exception&) {
    project_.reset();
  }
}

Candidates ProjectNames::connections() const {
  if (!project_) return {};
  Candidates found;
  for (const project::Connection& connection : project_->config.connections) {
    found.push_back({connection.id, connection.driver.value_or("")});
  }
  for (const std::string& id : project::connections_with_sources(project_->directory)) {
    if (project_->config.find_connection(id) == nullptr) found.push_back({id, "not in ktx.yaml"});
  }
  return found;
}

const std::vector<project::Source>& ProjectNames::read_sources() const {
  if (sources_) return *sources_;
  sources_.emplace();
  if (!project_) return *sources_;
  try {
    auto ids =
        connection_ ? std::vector{*connection_} : project::connections_with_sources(project_->directory);
    for (const std::string& id : ids) {
      if (!project::is_connection_id(id)) continue;
      auto tree = project::load_source_tree(project_->directory, id);
      for (project::Source& source : tree.sources) sources_->push_back(std::move(source));
    }
  } catch (const std::exception&) {
    return *sources_;  // those that were read so far
  }
  return *sources_;
}

Candidates ProjectNames::members(const char* list, bool (*wanted)(const yaml::Node&)) const {
  Candidates found;
  for (const project::Source& source : read_sources()) {
    const yaml::Node* nodes = source.definition.find(list);
    if (nodes == nullptr) continue;
    for (const yaml::Node& node : nodes->items) {
      const auto name = node.find_text("name");
      if (name && wanted(node)) {
        found.push_back(named(source.name + "." + *name, project::description_of(node)));
      }
    }
  }
  return found;
}

Candidates ProjectNames::sources() const {
  Candidates found;
  for (const project::Source& source : read_sources()) {
    found.push_back(named(source.name, source.description()));
  }
  return found;
}

Candidates ProjectNames::measures() const { return members("measures", is_any); }
Candidates ProjectNames::segments() const { return members("segments", is_any); }
Candidates ProjectNames::columns() const { return members("columns", is_shown); }
Candidates ProjectNames::time_columns() const { return members("columns", is_time); }

Candidates ProjectNames::wiki_keys() const {
  if (!project_) return {};
  std::set<std::string> keys;
  for (const char* root : {"wiki", "knowledge"}) {
    const fs::path folder = project_->directory / root;
    add_pages(folder / "global", keys);
    std::error_code ignored;
    for (fs::directory_iterator at(folder / "user", ignored), end; at != end; at.increment(ignored)) {
      add_pages(at->path(), keys);
    }
  }
  Candidates found;
  for (const std::string& key : keys) found.push_back({key, ""});
  return found;
}

}  // namespace ktx::cli
