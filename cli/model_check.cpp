#include "model_check.hpp"

#include <algorithm>
#include <utility>

#include "ktx/semantic/dialect.hpp"
#include "ktx/semantic/validation.hpp"
#include "ktx/util/spans.hpp"
#include "plan_cache.hpp"

namespace ktx::cli {
namespace {

using project::Diagnostic;
using project::Severity;

ListedFinding listed(semantic::ModelFinding finding, const project::SourceTree& tree,
                     const std::string& connection_id) {
  // What is about no source is about the folder that holds them all.
  auto place = tree.place(finding.source, finding.path)
                   .value_or(project::Place{"semantic-layer/" + connection_id, 0, 0});
  Diagnostic diagnostic{std::move(finding.code),
                        project::severity_named(finding.severity),
                        std::move(place.file),
                        place.line,
                        place.column,
                        std::move(finding.message),
                        std::move(finding.suggestions),
                        std::move(finding.fix),
                        std::move(finding.source)};
  return {std::move(diagnostic), connection_id, std::move(finding.concerned)};
}

}  // namespace

ModelCheck::ModelCheck(const project::Project& project, std::string connection_id,
                       const semantic::PlanCache* cache)
    : connection_id_(std::move(connection_id)),
      cache_(cache),
      tree_(project::load_source_tree(project.directory, connection_id_, store_of(cache))) {
  for (const Diagnostic& finding : tree_.findings) {
    if (finding.severity == Severity::error) broken_.insert(finding.source);
    findings_.push_back({finding, connection_id_, {}});
  }
  choose_dialect(project);
}

bool ModelCheck::needs_planner() const {
  const auto is_sound = [&](const project::Source& source) { return !broken_.contains(source.name); };
  return tree_.unread.empty() && !broken_.contains("") && std::ranges::any_of(tree_.sources, is_sound);
}

bool ModelCheck::recall() {
  if (cache_ == nullptr) return false;
  const auto answer = cache_->answer(tree_.digest, question());
  if (answer) record_fact("transport", "cache");
  if (answer) add_findings(answer->reply);
  return answer.has_value();
}

void ModelCheck::ask(semantic::Transport& planner) {
  const semantic::ModelQuestion asked = question();
  const std::string reply = semantic::ask(planner, asked);
  add_findings(reply);
  if (cache_ != nullptr) cache_->keep(tree_.digest, asked, {reply});
}

semantic::ModelQuestion ModelCheck::question() const {
  return semantic::question(
      semantic::ValidationRequest{semantic::Model([this] { return tree_.sources_json(broken_); }), dialect_,
                                  broken_.empty(), suspects()});
}

void ModelCheck::add_findings(const std::string& reply) {
  const auto locate = [&](const std::string& source, const Json& path) { return tree_.locate(source, path); };
  for (semantic::ModelFinding& finding : semantic::decode_validation_reply(reply, locate)) {
    findings_.push_back(listed(std::move(finding), tree_, connection_id_));
  }
}

bool ModelCheck::knows(const std::string& source) const {
  return std::ranges::binary_search(tree_.sources, source, {}, &project::Source::name) ||
         std::ranges::any_of(
             findings_, [&](const ListedFinding& finding) { return finding.diagnostic.source == source; });
}

/// The sources that a broken one may be looked up from, by a join that it declares itself.
std::vector<std::string> ModelCheck::suspects() const {
  std::set<std::string> names;
  for (const project::Source& source : tree_.sources) {
    const project::YamlNode* joins = source.definition.find("joins");
    if (!broken_.contains(source.name) || joins == nullptr) continue;
    for (const project::YamlNode& join : joins->items) {
      if (join.find_text("relationship") != "many_to_one") names.insert(join.find_text("to").value_or(""));
    }
  }
  return {names.begin(), names.end()};
}

void ModelCheck::choose_dialect(const project::Project& project) {
  const project::Connection* connection = project.config.find_connection(connection_id_);
  const std::string driver = connection == nullptr ? "" : connection->driver.value_or("");
  const auto dialect = semantic::dialect_of_driver(driver);
  dialect_ = dialect.value_or(semantic::default_dialect);
  if (dialect) return;
  const std::string what =
      driver.empty() ? "the connection " + connection_id_ + " names no driver"
                     : "the driver \"" + driver + "\" of the connection " + connection_id_ + " is not known";
  Diagnostic finding{"unknown-driver",
                     Severity::warning,
                     "ktx.yaml",
                     0,
                     0,
                     what + "; SQL is written for PostgreSQL",
                     {},
                     {}};
  finding.fix = "Name the driver under connections." + connection_id_;
  if (connection != nullptr) {
    const project::YamlNode* value = connection->settings.find("driver");
    const project::Mark mark = value == nullptr ? connection->settings.mark : value->mark;
    finding.line = mark.line;
    finding.column = mark.column;
  }
  findings_.push_back({std::move(finding), connection_id_, {}});
}

}  // namespace ktx::cli
