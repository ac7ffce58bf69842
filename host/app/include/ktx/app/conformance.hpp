#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ktx/app/python_access.hpp"
#include "ktx/app/session.hpp"
#include "ktx/database/executor.hpp"
#include "ktx/project/project.hpp"
#include "ktx/semantic/conformance.hpp"
#include "ktx/util/error.hpp"

namespace ktx::app {

/// Which questions of the conformance suite to ask, and how.
struct ConformanceRequest {
  std::optional<std::string> connection_id;  ///< the only one of the project if absent
  std::vector<std::string> only;             ///< names of features; all if empty
  std::size_t jobs = 1;                      ///< how many statements may run at the same time
  std::chrono::seconds time_limit = std::chrono::seconds(30);  ///< of one statement
};

/// A question, and what became of it.
struct ConformanceOutcome {
  semantic::ConformanceQuestion question;
  semantic::ConformanceAnswer answer;
};

/// What was found on one connection.
struct ConformanceReport {
  std::string connection_id;
  std::string driver;
  std::string engine;                         ///< "PostgreSQL"
  std::optional<std::string> engine_version;  ///< as the database says it
  std::string suite_version;
  std::vector<semantic::ConformanceFeature> features;
  std::vector<ConformanceOutcome> outcomes;
  std::size_t not_asked = 0;  ///< questions that were left when it was interrupted or the database went away
  std::optional<Error> stopped;  ///< why there are such

  /// The number of questions with that verdict, of one feature or all.
  std::size_t count(semantic::Verdict verdict, const std::string& feature = {}) const;
};

/// Asks a database questions whose answers are known. Their data are constants inside the statements: nothing
/// is read or made there.
class ConformanceRun {
 public:
  /// Opens the database. `session` and `project` must outlive this. Throws what `database::check_driver` and
  /// `database::open_executor` throw, and a `connection` error if the connection is not known.
  ConformanceRun(Session& session, const project::Project& project, ConformanceRequest request,
                 PythonNeeds python);

  /// Compiles the suite and asks the database for its version. Throws a `query` error for an unknown feature,
  /// and the errors of the database.
  void prepare();

  /// What it will cost, in a sentence, on a database that is paid by use. Call it after `prepare`.
  std::optional<std::string> cost() const;

  /// Asks everything. A signal, or a database that went away, ends it with what has been found so far.
  ConformanceReport run();

 private:
  void ask_all();
  void ask(std::size_t first, std::size_t count, Waiting* waiting);
  semantic::ConformanceAnswer ask_natively(const semantic::ConformanceQuestion& question);
  std::size_t statements() const;

  Session& session_;
  const project::Project& project_;
  ConformanceRequest request_;
  const project::Connection& connection_;
  PythonAccess python_;
  std::unique_ptr<database::Executor> executor_;
  semantic::ConformanceSuite suite_;
  ConformanceReport report_;
};

}  // namespace ktx::app
