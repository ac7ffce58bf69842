#include "ktx/app/conformance.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>
#include <utility>
#include <variant>

#include "ktx/app/cell.hpp"
#include "ktx/app/query_run.hpp"
#include "ktx/app/runtime_session.hpp"
#include "ktx/database/connection_settings.hpp"
#include "ktx/database/open_executor.hpp"
#include "ktx/semantic/driver.hpp"
#include "ktx/util/interrupt.hpp"

namespace ktx::app {
namespace {

using semantic::ConformanceAnswer;
using semantic::ConformanceQuestion;
using semantic::Verdict;

// How databases that are paid by use count it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> bills = {
    {{"bigquery", "BigQuery bills the bytes that are read, which are none"},
     {"databricks", "Databricks bills the time for which its SQL warehouse is up"},
     {"snowflake", "Snowflake bills the time for which its warehouse is up"}}};

// Whether a signal has come. It then counts as handled, and does not end the process when the guard goes.
bool is_interrupted() {
  try {
    throw_if_interrupted();
  } catch (const Error&) {
    return true;
  }
  return false;
}

Json rows_of(const database::Result& result) {
  Json rows = Json::array();
  for (const auto& row : result.rows) {
    Json& cells = rows.emplace_back(Json::array());
    for (const database::Value& value : row) cells.push_back(cell_json(value));
  }
  return rows;
}

}  // namespace

std::size_t ConformanceReport::count(Verdict verdict, const std::string& feature) const {
  return static_cast<std::size_t>(std::ranges::count_if(outcomes, [&](const ConformanceOutcome& one) {
    return one.answer.verdict == verdict && (feature.empty() || one.question.feature == feature);
  }));
}

ConformanceRun::ConformanceRun(Session& session, const project::Project& project, ConformanceRequest request,
                               PythonNeeds python)
    : session_(session),
      project_(project),
      request_(std::move(request)),
      connection_(known_connection(project, request_.connection_id)),
      python_(session, with_driver(std::move(python), connection_, true)),
      executor_(
          database::open_executor(connection_, session.environment, project.directory, python_.source())) {
  const semantic::Driver* driver = semantic::find_driver(*connection_.driver);
  report_.connection_id = connection_.id;
  report_.driver = driver->name;
  report_.engine = driver->label;
}

void ConformanceRun::prepare() {
  const std::string dialect = semantic::dialect_of_driver(*connection_.driver).value();
  suite_ = semantic::compile_conformance(python_.get(), dialect, request_.only);
  report_.suite_version = suite_.version;
  report_.features = suite_.features;
  // First, and alone: a database that cannot be reached is one error, and not as many as there are questions.
  const std::unique_ptr<Waiting> waiting = session_.wait_for_database();
  const database::Result found = executor_->execute(suite_.version_sql, {.max_rows = 1, .interrupted = {}});
  if (found.rows.empty() || found.rows.front().empty()) return;
  if (const auto* version = std::get_if<std::string>(&found.rows.front().front())) {
    report_.engine_version = *version;
  }
}

std::size_t ConformanceRun::statements() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(suite_.questions, [](const auto& one) { return !one.verdict; }));
}

std::optional<std::string> ConformanceRun::cost() const {
  const auto bill = std::ranges::find(bills, report_.driver, &decltype(bills)::value_type::first);
  if (bill == bills.end()) return std::nullopt;
  return std::to_string(statements()) + " statements will run, at most " + std::to_string(request_.jobs) +
         " at a time; none of them reads a table. " + std::string(bill->second) + ".";
}

ConformanceReport ConformanceRun::run() {
  {
    const InterruptGrace grace;
    try {
      ask_all();
    } catch (const Error& error) {
      is_interrupted();
      if (error.kind() != ErrorKind::interrupted && error.kind() != ErrorKind::database) throw;
      report_.stopped = error;
    }
  }
  report_.not_asked = suite_.questions.size() - report_.outcomes.size();
  return std::move(report_);
}

void ConformanceRun::ask_all() {
  const std::unique_ptr<Waiting> waiting = session_.wait_for_database();
  const std::vector<ConformanceQuestion>& questions = suite_.questions;
  for (std::size_t i = 0; i < questions.size();) {
    throw_if_interrupted();
    if (questions[i].verdict) {
      report_.outcomes.push_back({questions[i], {*questions[i].verdict, Json(), questions[i].reason}});
      ++i;
      continue;
    }
    std::size_t end = i + 1;
    while (end < questions.size() && end - i < request_.jobs && !questions[end].verdict) ++end;
    ask(i, end - i, waiting.get());
    i = end;
  }
}

void ConformanceRun::ask(std::size_t first, std::size_t count, Waiting* waiting) {
  const auto asked = std::span(suite_.questions).subspan(first, count);
  if (waiting != nullptr) {
    waiting->now(asked.front().id + ", " + std::to_string(first + 1) + " of " +
                 std::to_string(suite_.questions.size()));
  }
  std::vector<ConformanceAnswer> answers;
  if (database::is_sqlite(*connection_.driver)) {
    for (const ConformanceQuestion& question : asked) answers.push_back(ask_natively(question));
  } else {
    answers = semantic::ask_conformance(
        python_.get(), database::connection_request(connection_, session_.environment, project_.directory),
        asked, request_.time_limit);
  }
  for (std::size_t i = 0; i < count; ++i) report_.outcomes.push_back({asked[i], std::move(answers[i])});
}

ConformanceAnswer ConformanceRun::ask_natively(const ConformanceQuestion& question) {
  try {
    const database::Result result = executor_->execute(question.sql, {.max_rows = {},
                                                                      .interrupted = is_interrupted,
                                                                      .timezone = question.timezone,
                                                                      .compiled = true,
                                                                      .time_limit = request_.time_limit});
    Json rows = rows_of(result);
    const Verdict verdict = semantic::judge_conformance(python_.get(), question.id, rows);
    return {verdict, std::move(rows), ""};
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::database) throw;
    return {Verdict::wrong, Json(), error.message()};
  }
}

}  // namespace ktx::app
