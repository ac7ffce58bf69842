#include "ktx/app/data_check.hpp"

#include <algorithm>
#include <utility>

#include "ktx/app/cell.hpp"
#include "ktx/database/open_executor.hpp"
#include "ktx/util/error.hpp"

namespace ktx::app {
namespace {

// "3, for example customer_id = 1, since = 2024-01-01".
std::string counted_with_example(const std::vector<database::Value>& row,
                                 const std::vector<std::string>& names) {
  std::string text = cell_text(row.at(0));
  for (std::size_t i = 0; i < names.size() && i + 1 < row.size(); ++i) {
    text += (i == 0 ? ", for example " : ", ") + names[i] + " = " + cell_for_reading(row[i + 1]);
  }
  return text;
}

bool is_zero(const database::Value& count) {
  const std::string text = cell_text(count);
  return text.find_first_not_of('0') == std::string::npos;
}

Finding unchecked(const semantic::DataCheck& check, const Error& error) {
  Finding finding = check.finding;
  finding.code = "data_unchecked";
  finding.severity = Severity::error;
  finding.message = check.finding.code + " could not be checked: " + error.message();
  finding.fix = error.fix();
  finding.suggestions.clear();
  return finding;
}

}  // namespace

DataCheckRun::DataCheckRun(Session& session, const project::Project& project,
                           const project::Connection& connection, PythonAccess& python)
    : session_(session),
      executor_(
          database::open_executor(connection, session.environment, project.directory, python.source())) {
  // A database that does not answer is one error, not one for each check.
  const std::unique_ptr<Waiting> waiting = session_.wait_for_database();
  run("SELECT 1", "UTC");
}

std::vector<Finding> DataCheckRun::findings(const std::vector<semantic::DataCheck>& checks) {
  const std::unique_ptr<Waiting> waiting = session_.wait_for_database();
  std::vector<Finding> found;
  for (const semantic::DataCheck& check : checks) {
    try {
      if (auto wrong = finding(check)) found.push_back(*std::move(wrong));
    } catch (const Error& error) {
      // Other kinds, such as an interruption, end all of them.
      if (error.kind() != ErrorKind::database) throw;
      found.push_back(unchecked(check, error));
    }
  }
  return found;
}

database::Result DataCheckRun::run(const std::string& sql, const std::string& timezone) {
  return executor_->execute(sql, {.max_rows = 1, .interrupted = {}, .timezone = timezone, .compiled = true});
}

std::optional<Finding> DataCheckRun::finding(const semantic::DataCheck& check) {
  const database::Result result = run(check.sql, check.timezone);
  if (result.rows.empty() || is_zero(result.rows.front().at(0))) return std::nullopt;
  Finding wrong = check.finding;
  wrong.message += ": " + counted_with_example(result.rows.front(), check.names);
  return wrong;
}

}  // namespace ktx::app
