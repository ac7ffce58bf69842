#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ktx/app/python_access.hpp"
#include "ktx/app/session.hpp"
#include "ktx/database/executor.hpp"
#include "ktx/project/project.hpp"
#include "ktx/semantic/data_checks.hpp"
#include "ktx/util/finding.hpp"

namespace ktx::app {

/// Runs checks on the rows of one connection, one after the other.
class DataCheckRun {
 public:
  /// Opens the database. All arguments must outlive this. Throws what `database::open_executor` throws, and a
  /// `database` error if the database cannot be asked anything.
  DataCheckRun(Session& session, const project::Project& project, const project::Connection& connection,
               PythonAccess& python);

  /// What is wrong with the rows. A statement that the database refuses is a finding too, and the others are
  /// run all the same.
  std::vector<Finding> findings(const std::vector<semantic::DataCheck>& checks);

 private:
  database::Result run(const std::string& sql, const std::string& timezone);
  std::optional<Finding> finding(const semantic::DataCheck& check);

  Session& session_;
  std::unique_ptr<database::Executor> executor_;
};

}  // namespace ktx::app
