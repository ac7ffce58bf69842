#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ktx/app/query_run.hpp"
#include "ktx/semantic/messages.hpp"
#include "ktx/terminal/terminal.hpp"

namespace ktx::cli {

/// The JSON object of `ktx sl query`: connectionId, dialect, sql, headers, rows, totalRows, plan with
/// `execution`, timezone, explanation if it was asked for, warnings.
std::string render_query_json(const app::QueryAnswer& answer);

/// The explanation as a tree drawn with lines, one statement a line. For a terminal of `columns`, longer
/// statements are broken between words.
std::string render_explanation(const semantic::Explanation& explanation,
                               std::optional<std::size_t> columns = std::nullopt);

/// One line for each warning, "place: severity: message [code]", for stderr. The place may be missing.
std::string render_warnings(const std::vector<semantic::Warning>& warnings, const Style& style = {});

}  // namespace ktx::cli
