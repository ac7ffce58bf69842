#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/semantic/transport.hpp"
#include "ktx/util/json.hpp"

namespace ktx::semantic {

/// The operation that asks a database; what it waits for runs elsewhere.
inline constexpr std::string_view conformance_ask_operation = "conformance-ask";

/// The names of the suite's features, in its order: those of
/// python/src/ktx_daemon/conformance/suite/suite.yaml (tests/golden/conformance_features.txt).
std::span<const std::string_view> conformance_features();

/// What became of a question of the conformance suite.
enum class Verdict : std::uint8_t {
  right,    ///< the right rows, or a refusal of what has to be refused
  refused,  ///< ktx says that it cannot answer this on this database
  wrong,    ///< other rows, or an error of the database
};

/// "right", "refused" or "wrong".
std::string_view name(Verdict verdict);

/// A group of questions.
struct ConformanceFeature {
  std::string name;   ///< for --only
  std::string title;  ///< in a few words
};

/// A question of the suite in the SQL of one database.
struct ConformanceQuestion {
  std::string id;  ///< "joins.two_hops"
  std::string feature;
  std::string asks;     ///< in words
  std::string columns;  ///< "nullable", or "plain" where that is asked as well
  std::string sql;      ///< empty if ktx refused
  std::string timezone;
  Json expected;                   ///< the right rows; null if ktx has to refuse
  std::optional<Verdict> verdict;  ///< if there is nothing to run
  std::string reason;              ///< of that verdict
};

/// The suite, as far as it was chosen, in the SQL of one database.
struct ConformanceSuite {
  std::string version;
  std::string version_sql;  ///< a statement that gives the version of the database, or just a value
  std::vector<ConformanceFeature> features;
  std::vector<ConformanceQuestion> questions;
};

/// What a database answered to one question.
struct ConformanceAnswer {
  Verdict verdict = Verdict::wrong;
  Json rows;           ///< lists of cells; null if there are none
  std::string reason;  ///< why there are none
};

/// Compiles the suite, or the features `only`. Throws a `query` error if one is not known.
ConformanceSuite compile_conformance(Transport& transport, const std::string& dialect,
                                     const std::vector<std::string>& only);

/// Asks the database of `connection` (see `database::connection_request`) several questions at the same
/// time, each for no longer than `time_limit`. The answers are in their order. Throws a `database` error if
/// the database cannot be reached, and an `interrupted` error.
std::vector<ConformanceAnswer> ask_conformance(Transport& transport, Json connection,
                                               std::span<const ConformanceQuestion> questions,
                                               std::chrono::milliseconds time_limit);

/// Whether `rows`, which ktx has read itself, are the right answer to the question `id`.
Verdict judge_conformance(Transport& transport, const std::string& id, const Json& rows);

}  // namespace ktx::semantic
