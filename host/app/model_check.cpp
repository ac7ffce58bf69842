#include "ktx/app/model_check.hpp"

#include <algorithm>
#include <functional>
#include <tuple>
#include <utility>

#include "ktx/app/data_check.hpp"
#include "ktx/app/project_access.hpp"
#include "ktx/app/query_planning.hpp"
#include "ktx/app/query_run.hpp"
#include "ktx/app/runtime_session.hpp"
#include "ktx/database/connection_settings.hpp"
#include "ktx/project/findings.hpp"
#include "ktx/semantic/data_checks.hpp"
#include "ktx/semantic/driver.hpp"
#include "ktx/semantic/validation.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/finding.hpp"
#include "ktx/util/spans.hpp"

namespace ktx::app {
namespace {

Error unknown_source(const std::string& name, const std::vector<ModelCheck>& checks) {
  std::set<std::string_view> names;
  bool complete = true;
  for (const ModelCheck& check : checks) {
    for (const project::Source& source : check.tree().sources) names.insert(source.name);
    complete = complete && check.tree().unread.empty();
  }
  const std::string meant = project::closest(name, {names.begin(), names.end()});
  return {ErrorKind::model,
          "There is no semantic-layer source \"" + name + "\"" +
              (meant.empty() ? "" : "; did you mean \"" + meant + "\"?"),
          complete ? "ktx sl list shows the sources"
                   : "ktx sl validate shows which files could not be read; it may be in one of them"};
}

// The connections to check, with the findings in their files.
std::vector<ModelCheck> read_models(const project::Project& project, const CheckRequest& request,
                                    const semantic::PlanCache* cache) {
  std::vector<ModelCheck> checks;
  for (const std::string& id : connections_meant(project, request.connection_id)) {
    checks.emplace_back(project, id, cache);
  }
  if (!request.source) return checks;
  const auto knows = [&](const ModelCheck& check) { return check.knows(*request.source); };
  if (std::ranges::none_of(checks, knows)) throw unknown_source(*request.source, checks);
  std::erase_if(checks, std::not_fn(knows));
  return checks;
}

// Whether to show the finding if only one source was asked about. A finding about no source may concern this
// one. While a file cannot be read no source was checked whole, so its findings are shown too.
bool concerns(const ListedFinding& listed, const std::string& source, const project::SourceTree& tree) {
  return listed.finding.source == source || listed.finding.source.empty() ||
         tree.unread.contains(listed.finding.file) ||
         std::ranges::find(listed.finding.concerned, source) != listed.finding.concerned.end();
}

// What the planner needs, and to check rows the drivers of the databases.
PythonNeeds needs_of(PythonNeeds python, const project::Project& project, const CheckRequest& request) {
  if (!request.data) return python;
  std::vector<std::string> drivers;
  for (const std::string& id : connections_meant(project, request.connection_id)) {
    const project::Connection* connection = project.config.find_connection(id);
    if (connection != nullptr) drivers.push_back(connection->driver.value_or(""));
  }
  python.features = features_of_drivers(drivers);
  return python;
}

void sort_by_place(std::vector<ListedFinding>& findings) {
  // Stable: findings at one place stay in the order in which the checks made them.
  std::ranges::stable_sort(findings, {}, [](const ListedFinding& listed) {
    const Finding& one = listed.finding;
    return std::tie(one.file, one.line, one.column, one.code);
  });
}

}  // namespace

std::size_t FindingList::count(Severity severity) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      findings, [&](const ListedFinding& listed) { return listed.finding.severity == severity; }));
}

ModelCheck::ModelCheck(const project::Project& project, std::string connection_id,
                       const semantic::PlanCache* cache)
    : connection_id_(std::move(connection_id)),
      cache_(cache),
      tree_(project::load_source_tree(project.directory, connection_id_, store_of(cache))) {
  take_findings();
  read_connection(project);
}

ModelCheck::ModelCheck(const project::Project& project, std::string connection_id, project::SourceTree tree)
    : connection_id_(std::move(connection_id)), cache_(nullptr), tree_(std::move(tree)) {
  take_findings();
  read_connection(project);
}

void ModelCheck::take_findings() {
  for (const Finding& finding : tree_.findings) {
    if (finding.severity == Severity::error) broken_.insert(finding.source);
    findings_.push_back({finding, connection_id_});
  }
}

bool ModelCheck::needs_planner() const {
  const auto is_sound = [&](const project::Source& source) { return !broken_.contains(source.name); };
  // The empty name is an error that belongs to no source: any of them may be wrong.
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
  // Under the digest of all files. The question itself says which sources were left out as broken.
  if (cache_ != nullptr) cache_->keep(tree_.digest, asked, {reply});
}

semantic::ModelQuestion ModelCheck::question() const {
  return semantic::question_of(
      semantic::ValidationRequest{semantic::Model([this] { return tree_.sources_json(broken_); }), dialect_,
                                  broken_.empty(), suspects(), calendar_});
}

void ModelCheck::add_findings(const std::string& reply) {
  const auto locate = [&](const std::string& source, const Json& path) { return tree_.place(source, path); };
  for (Finding& finding : semantic::decode_validation_reply(reply, locate)) {
    if (finding.code == "time_spine" && time_spine_) {
      finding.file = "ktx.yaml";
      finding.line = time_spine_->line;
      finding.column = time_spine_->column;
    }
    add(std::move(finding));
  }
}

void ModelCheck::add(Finding finding) {
  // A finding about no source has no place: it gets the folder of all sources.
  if (finding.file.empty()) finding.file = "semantic-layer/" + connection_id_;
  findings_.push_back({std::move(finding), connection_id_});
}

void ModelCheck::ask_data(Session& session, const project::Project& project, PythonAccess& python,
                          const std::optional<std::string>& source) {
  const project::Connection& connection = known_connection(project, connection_id_);
  database::check_driver(connection);
  DataCheckRun run(session, project, connection, python);
  const semantic::DataChecksRequest request{semantic::Model([this] { return tree_.sources_json(broken_); }),
                                            dialect_, source, connection.timezone};
  semantic::DataChecks asked = semantic::decode_data_checks_reply(
      semantic::ask(python.get(), semantic::question_of(request)),
      [this](const std::string& name, const Json& path) { return tree_.place(name, path); });
  for (Finding& finding : asked.findings) add(std::move(finding));
  for (Finding& finding : run.findings(asked.checks)) add(std::move(finding));
}

bool ModelCheck::knows(const std::string& source) const {
  return std::ranges::binary_search(tree_.sources, source, {}, &project::Source::name) ||
         std::ranges::any_of(findings_,
                             [&](const ListedFinding& listed) { return listed.finding.source == source; });
}

// The sources that may look up a broken one, through a join that the broken one declares.
std::vector<std::string> ModelCheck::suspects() const {
  std::set<std::string> names;
  for (const project::Source& source : tree_.sources) {
    const yaml::Node* joins = source.definition.find("joins");
    if (!broken_.contains(source.name) || joins == nullptr) continue;
    for (const yaml::Node& join : joins->items) {
      // By a many_to_one join it is the broken source that looks up the other, not the reverse.
      if (join.find_text("relationship") != "many_to_one") names.insert(join.find_text("to").value_or(""));
    }
  }
  return {names.begin(), names.end()};
}

void ModelCheck::read_connection(const project::Project& project) {
  const project::Connection* connection = project.config.find_connection(connection_id_);
  // A connection may be no more than a folder of sources.
  const std::string driver = connection == nullptr ? "" : connection->driver.value_or("");
  if (connection != nullptr) {
    calendar_ = connection->calendar;
    time_spine_ = connection->time_spine;
  }
  const auto dialect = semantic::dialect_of_driver(driver);
  dialect_ = dialect.value_or(semantic::default_dialect);
  if (dialect) return;
  Finding finding{
      "unknown-driver", Severity::warning, "ktx.yaml", 0, 0, unknown_driver(connection_id_, driver), {}, {}};
  finding.fix = "Name the driver under connections." + connection_id_;
  if (connection != nullptr) {
    const yaml::Node* value = connection->settings.find("driver");
    const yaml::Mark mark = value == nullptr ? connection->settings.mark : value->mark;
    finding.line = mark.line;
    finding.column = mark.column;
  }
  findings_.push_back({std::move(finding), connection_id_});
}

ProjectCheck::ProjectCheck(Session& session, const project::Project& project, CheckRequest request,
                           PythonNeeds python)
    : project_(project),
      request_(std::move(request)),
      session_(session),
      python_(session, needs_of(std::move(python), project, request_)),
      cache_(open_plan_cache(session)),
      checks_(read_models(project, request_, cache_ ? &*cache_ : nullptr)) {}

void ProjectCheck::ask_planner() {
  for (ModelCheck& check : checks_) {
    // `get` inside the loop: if every answer is cached, no Python is loaded.
    if (check.needs_planner() && !check.recall()) check.ask(python_.get());
  }
}

void ProjectCheck::ask_data() {
  for (ModelCheck& check : checks_) {
    if (check.needs_planner()) check.ask_data(session_, project_, python_, request_.source);
  }
}

FindingList ProjectCheck::findings() const {
  FindingList list;
  list.source = request_.source.value_or("");
  // Findings in ktx.yaml are about the project, not about one source.
  if (!request_.source) {
    for (const Finding& finding : project_.config.findings) list.findings.push_back({finding, {}});
  }
  for (const ModelCheck& check : checks_) {
    list.connections.push_back(check.connection_id());
    list.sources += request_.source ? 1 : check.tree().count();
    for (const ListedFinding& listed : check.findings()) {
      if (!request_.source || concerns(listed, *request_.source, check.tree())) {
        list.findings.push_back(listed);
      } else if (listed.finding.severity == Severity::error) {
        ++list.errors_elsewhere;
      }
    }
  }
  sort_by_place(list.findings);
  return list;
}

}  // namespace ktx::app
