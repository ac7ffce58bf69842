#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/semantic/messages.hpp"
#include "ktx/util/json.hpp"

namespace ktx::semantic {

/// The operation that answers a `VerifyRequest`.
inline constexpr std::string_view verify_operation = "semantic-verify";

/// One step of the verification of a query, and the bounds on it.
struct VerifyRequest {
  QueryRequest query;
  std::int64_t rows = 0;     ///< of each source at most
  std::int64_t seconds = 0;  ///< of evaluating
  Json results;              ///< an array: what the statements of earlier steps gave
};

ModelQuestion question_of(const VerifyRequest& request);

/// A statement that the next step needs the result of.
struct VerifyStatement {
  std::string name;
  std::string sql;
  std::optional<std::int64_t> max_rows;
};

/// A source that was read.
struct VerifiedSource {
  std::string source;
  std::uint64_t rows = 0;
  bool sampled = false;  ///< these are not all rows of it
};

/// A group in which the answer of the SQL differs from that of the rows. Cells are as in the reply.
struct VerifyDifference {
  std::string what;
  Json dimensions;  ///< an array of cells
  Json by_sql;      ///< an array of cells, or null if the SQL does not give the group
  Json by_rows;     ///< an array of cells, or null if no row is in the group
};

/// Some rows of a source. Cells are as in the reply.
struct VerifyRows {
  std::string source;
  std::string what;  ///< what they are of the difference, for people
  std::vector<std::string> columns;
  Json rows;                ///< an array of arrays of cells
  std::uint64_t count = 0;  ///< how many there are; `rows` may be some of them
};

/// What came of a verification.
// NOLINTNEXTLINE(bugprone-exception-escape): the move of a Json only asserts
struct VerifyVerdict {
  enum class Outcome : std::uint8_t { equal, different, unchecked };

  Outcome outcome = Outcome::unchecked;
  std::string reason;  ///< why it cannot be checked
  std::string sql;
  std::vector<std::string> columns;
  std::vector<VerifiedSource> sources;
  std::uint64_t groups = 0;
  std::uint64_t difference_count = 0;  ///< `differences` may be some of them
  std::vector<VerifyDifference> differences;
  std::vector<std::string> notes;
  std::vector<VerifyRows> behind;  ///< the rows behind the first difference
  Json model;                      ///< an array: the sources that were read, if the answers differ
};

/// The reply to one step: either statements to run, or the verdict.
struct VerifyStep {
  std::string timezone;  ///< of the session in which the statements are to be run
  std::vector<VerifyStatement> statements;
  std::optional<VerifyVerdict> verdict;
};

/// Reads a reply. Throws the planner's error that is in it, with the place that `locate` finds, and an
/// `internal` error that names the member that is missing or wrong.
VerifyStep decode_verify_reply(std::string_view reply, const Locator& locate);

}  // namespace ktx::semantic
