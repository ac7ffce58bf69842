#include "ktx/app/project_access.hpp"

#include <algorithm>
#include <set>

#include "ktx/app/usage_error.hpp"
#include "ktx/project/findings.hpp"
#include "ktx/project/repository.hpp"
#include "ktx/project/source_tree.hpp"
#include "ktx/util/finding.hpp"
#include "ktx/util/spans.hpp"
#include "ktx/util/subprocess.hpp"

namespace ktx::app {
namespace {

// Every valid reference to something in the semantic layer, with a dot behind the connection.
std::set<std::string> known_references(const project::Project& project) {
  std::set<std::string> known;
  for (const std::string& id : project::connections_with_sources(project.directory)) {
    for (const project::Source& source : project::load_source_tree(project.directory, id).sources) {
      std::vector<std::string> names = {source.name};
      for (const char* list : {"measures", "columns", "segments"}) {
        const yaml::Node* nodes = source.definition.find(list);
        if (nodes == nullptr) continue;
        for (const yaml::Node& node : nodes->items) {
          if (const auto name = node.find_text("name")) names.push_back(source.name + "." + *name);
        }
      }
      const std::string prefix = id + ".";
      for (const std::string& name : names) known.insert({name, prefix + name});
    }
  }
  return known;
}

std::string unknown_line(const std::string& what, const std::string& name,
                         const std::set<std::string>& known) {
  const std::string meant = project::closest(name, {known.begin(), known.end()});
  return "warning: " + what + " \"" + name + "\" is not known" +
         (meant.empty() ? "" : "; did you mean \"" + meant + "\"?");
}

}  // namespace

void check_connection_id(const std::string& id) {
  if (!project::is_connection_id(id)) throw usage_error("Unsafe connection id: " + id);
}

project::Project read_project(const Session& session) {
  const ScopedSpan span("read ktx.yaml");
  const auto directory = project::find_project_directory(session.project_directory, session.environment);
  session.trace("projectDir=" + directory.string());
  return project::load_project(directory);
}

project::Project open_project(const Session& session) {
  project::Project project = read_project(session);
  session.report(project.config.findings);
  return project;
}

std::vector<std::string> connections_meant(const project::Project& project,
                                           const std::optional<std::string>& requested) {
  if (!requested) return project::connections_with_sources(project.directory);
  const bool known = project.config.find_connection(*requested) != nullptr;
  // Sources may be there before their connection is in ktx.yaml.
  if (!known && !project::has_source_directory(project.directory, *requested)) {
    throw project::unknown_connection(project.config, *requested);
  }
  return {*requested};
}

std::string unknown_driver(const std::string& connection_id, const std::string& driver) {
  const std::string fault =
      driver.empty() ? "the connection " + connection_id + " names no driver"
                     : "the driver \"" + driver + "\" of the connection " + connection_id + " is not known";
  return fault + "; SQL is written for PostgreSQL";
}

bool report_findings(const Reporter& reporter, const std::vector<Finding>& findings) {
  reporter.report(findings);
  return !has_errors(findings);
}

void commit_files(const Session& session, const project::Project& project,
                  const std::vector<std::string>& paths, const std::string& message) {
  const ScopedSpan span("commit");
  ProcessRunner runner;
  const project::GitOutcome outcome = project::commit_files(project.directory, project.config.storage, paths,
                                                            message, session.environment, runner);
  if (!outcome.note.empty()) session.warn(outcome.note);
}

std::vector<std::string> unknown_references(const project::Project& project, const wiki::Wiki& wiki,
                                            const std::vector<std::string>& refs,
                                            const std::vector<std::string>& sl_refs) {
  std::vector<std::string> lines;
  std::set<std::string> keys;
  for (const wiki::Page& page : wiki.pages) keys.insert(page.key);
  for (const std::string& ref : refs) {
    if (!keys.contains(ref)) lines.push_back(unknown_line("the wiki page", ref, keys));
  }
  // Reading the sources is the expensive part.
  if (sl_refs.empty()) return lines;
  const std::set<std::string> known = known_references(project);
  for (const std::string& ref : sl_refs) {
    std::string name = ref;
    // Both "shop/orders" and "shop.orders" are valid.
    std::ranges::replace(name, '/', '.');
    if (!known.contains(name)) lines.push_back(unknown_line("the semantic-layer reference", ref, known));
  }
  return lines;
}

}  // namespace ktx::app
