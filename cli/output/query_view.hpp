#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ktx/database/result.hpp"
#include "ktx/semantic/messages.hpp"
#include "style.hpp"

namespace ktx::cli {

/// The rows of a query that was run.
struct Execution {
  std::string driver;
  std::optional<std::int64_t> max_rows;
  std::chrono::milliseconds duration{};
  database::Result result;
};

/// The answer to `ktx sl query`.
struct QueryAnswer {
  std::string connection_id;
  semantic::CompiledQuery compiled;
  std::optional<Execution> execution;  ///< nothing when the query was only compiled
};

/// The object of `--format json`: connectionId, dialect, sql, headers, rows, totalRows, plan with
/// `execution`, timezone, explanation when it was asked for, warnings.
std::string render_query_json(const QueryAnswer& answer);

/// The explanation as a tree drawn with lines, one statement a line; for a terminal of `columns` a longer
/// statement is broken between words.
std::string render_explanation(const semantic::Explanation& explanation,
                               std::optional<std::size_t> columns = std::nullopt);

/// One line a warning, "place: severity: message [code]", for stderr; the place where there is one.
std::string render_warnings(const std::vector<semantic::Warning>& warnings, const Style& style = {});

}  // namespace ktx::cli
