#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/semantic/messages.hpp"
#include "ktx/util/finding.hpp"

namespace ktx::semantic {

/// The operation that answers a `DataChecksRequest`.
inline constexpr std::string_view data_checks_operation = "semantic-data-checks";

/// Asks how to check on the rows what a model declares of them.
struct DataChecksRequest {
  Model model;
  std::string dialect;
  std::optional<std::string> source;    ///< only its grain and the joins that it declares
  std::optional<std::string> timezone;  ///< of the connection, where the sources state none
};

ModelQuestion question_of(const DataChecksRequest& request);

/// A statement, and what is wrong if it counts anything.
struct DataCheck {
  Finding finding;  ///< its message is to end in the count and the example
  /// Returns one row or none: the count, and behind it an example, a value for each of `names`.
  std::string sql;
  std::vector<std::string> names;
  std::string timezone;  ///< of the session in which it is to be run
};

struct DataChecks {
  std::vector<DataCheck> checks;
  std::vector<Finding> findings;  ///< about what cannot be checked in this dialect
};

/// Reads the tagged reply, as `decode_validation_reply` does.
DataChecks decode_data_checks_reply(std::string_view reply, const Locator& locate);

}  // namespace ktx::semantic
