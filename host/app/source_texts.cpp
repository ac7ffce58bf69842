#include "ktx/app/source_texts.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <string_view>
#include <utility>

#include "ktx/app/model_check.hpp"
#include "ktx/app/project_access.hpp"
#include "ktx/project/findings.hpp"
#include "ktx/project/source_tree.hpp"
#include "ktx/util/error.hpp"
#include "ktx/yaml/emitter.hpp"

namespace ktx::app {
namespace {

class SourceTextSearch {
 public:
  SourceTextSearch(const project::Project& project, const SourceTextRequest& request)
      : project_(project), request_(request) {
    for (const std::string& id : connections_meant(project, request.connection_id)) look_into(id);
  }

  SourceText only_one() && {
    if (found_.size() == 1) return std::move(found_.front());
    if (found_.empty()) throw not_found();
    std::string ids;
    ErrorHints hints;
    for (const SourceText& found : found_) {
      ids += (ids.empty() ? "" : ", ") + found.connection_id;
      hints.suggestions.push_back(found.connection_id);
    }
    const Error error(ErrorKind::model, "Several connections have a source \"" + request_.name + "\": " + ids,
                      "Name one with --connection-id");
    throw error.with(std::move(hints));
  }

 private:
  void look_into(const std::string& id) {
    const project::SourceTree tree = project::load_source_tree(project_.directory, id);
    // For suggestions, if nothing is found.
    for (const project::Source& source : tree.sources) names_.insert(source.name);
    if (!request_.composed) {
      if (auto text = project::read_source_text(project_.directory, id, request_.name, tree)) {
        found_.push_back({id, *std::move(text)});
        return;
      }
    }
    const auto source = std::ranges::find(tree.sources, request_.name, &project::Source::name);
    if (source != tree.sources.end()) found_.push_back({id, yaml::to_yaml(source->definition)});
  }

  Error not_found() const {
    if (!project::is_source_name(request_.name)) {
      return {ErrorKind::model, "Unsafe semantic-layer source name: " + request_.name,
              "ktx sl list shows the names that there are"};
    }
    const std::string prefix = request_.connection_id ? *request_.connection_id + "/" : "";
    const std::string meant = project::closest(request_.name, {names_.begin(), names_.end()});
    const Error error(ErrorKind::model,
                      "Semantic-layer source \"" + prefix + request_.name + "\" was not found" +
                          (meant.empty() ? "" : "; did you mean \"" + meant + "\"?"),
                      "ktx sl list shows the names that there are");
    return meant.empty() ? error : error.with({.suggestions = {meant}});
  }

  const project::Project& project_;
  const SourceTextRequest& request_;
  std::vector<SourceText> found_;
  std::set<std::string> names_;
};

std::vector<Finding> errors_in(ModelCheck check, const std::function<semantic::Transport&()>& planner) {
  if (check.needs_planner()) check.ask(planner());
  std::vector<Finding> errors;
  for (const ListedFinding& listed : check.findings()) {
    if (listed.finding.severity == Severity::error) errors.push_back(listed.finding);
  }
  return errors;
}

// The same fault, wherever it moved to.
bool is_same(const Finding& one, const Finding& other) {
  return one.code == other.code && one.source == other.source && one.message == other.message;
}

}  // namespace

SourceText find_source_text(const project::Project& project, const SourceTextRequest& request) {
  return SourceTextSearch(project, request).only_one();
}

SourceWriting write_source(const project::Project& project, const std::string& connection_id,
                           const std::string& name, const std::string& text) {
  connections_meant(project, connection_id);  // throws unless the connection is known
  SourceWriting writing{project::check_source_text(project.directory, connection_id, name, text), {}, {}};
  if (!writing.check.faults.empty()) return writing;
  project::write_source_text(project.directory, connection_id, name, text);
  writing.path = project::source_path(connection_id, name);
  writing.commit_message = "Write semantic-layer source: " + connection_id + "/" + name;
  return writing;
}

std::vector<Finding> errors_of_writing(const project::Project& project, const std::string& connection_id,
                                       const std::string& name, const std::optional<std::string>& text,
                                       const std::function<semantic::Transport&()>& planner) {
  project::SourceTree tree = project::source_tree_with(project.directory, connection_id, name, text);
  std::vector<Finding> errors = errors_in(ModelCheck(project, connection_id, std::move(tree)), planner);
  const auto is_own = [&](const Finding& finding) { return finding.source == name; };
  if (std::ranges::all_of(errors, is_own)) return errors;
  const auto before = errors_in(ModelCheck(project, connection_id, nullptr), planner);
  std::erase_if(errors, [&](const Finding& error) {
    return !is_own(error) &&
           std::ranges::any_of(before, [&](const Finding& old) { return is_same(old, error); });
  });
  return errors;
}

std::string remove_source(const project::Project& project, const std::string& connection_id,
                          const std::string& name) {
  std::string path = project::source_path(connection_id, name);
  std::error_code fault;
  if (std::filesystem::remove(project.directory / path, fault)) return path;
  if (fault) throw system_error("Cannot remove", path, fault.value());
  throw Error(ErrorKind::model, "The source \"" + name + "\" has no file " + path,
              "A source of a manifest or in a file of another name is removed by hand");
}

}  // namespace ktx::app
