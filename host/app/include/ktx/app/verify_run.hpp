#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ktx/app/python_access.hpp"
#include "ktx/app/query_planning.hpp"
#include "ktx/app/session.hpp"
#include "ktx/database/executor.hpp"
#include "ktx/project/project.hpp"
#include "ktx/semantic/verification.hpp"

namespace ktx::app {

/// A query whose SQL is to be compared with a walk over the rows of its sources.
struct VerifyRequest {
  std::optional<std::string> connection_id;  ///< the only one of the project if absent
  semantic::Query query;
  std::int64_t rows = 10'000;  ///< of each source at most; larger ones are sampled
  std::int64_t seconds = 30;   ///< of walking over the rows
};

/// What came of it.
struct VerifyAnswer {
  std::string connection_id;
  std::string dialect;
  semantic::VerifyVerdict verdict;
  std::chrono::milliseconds duration{};
};

/// Verifies one query: plans it, reads the rows, runs the SQL over the same rows and compares.
class VerifyRun {
 public:
  /// `python` says how Python may be loaded. `session` and `project` must outlive this. Throws a `connection`
  /// error if the connection is not known or has no driver.
  VerifyRun(Session& session, const project::Project& project, VerifyRequest request, PythonNeeds python);
  VerifyRun(const VerifyRun&) = delete;
  VerifyRun& operator=(const VerifyRun&) = delete;
  ~VerifyRun() = default;

  /// Reads the sources, and opens the database. Returns false if the sources have errors, after reporting
  /// them. Throws a `model` error if there are none, and what `database::open_executor` throws.
  bool prepare();

  /// Asks the database what the verification wants to know, until there is a verdict. Throws the errors of
  /// the planner and of the database.
  VerifyAnswer answer();

 private:
  semantic::VerifyStep step(const Json& results);
  Json run(const semantic::VerifyStatement& statement, const std::string& timezone);

  Session& session_;
  const project::Project& project_;
  VerifyRequest request_;
  project::Connection connection_;
  std::string dialect_;
  ConnectionSources sources_;
  PythonAccess python_;
  std::unique_ptr<database::Executor> executor_;
};

/// The values of a list of cells of a verdict.
std::vector<database::Value> values_of(const Json& cells);

}  // namespace ktx::app
