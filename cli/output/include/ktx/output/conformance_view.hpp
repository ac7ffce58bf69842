#pragma once

#include <string>

#include "ktx/app/conformance.hpp"

namespace ktx::cli {

/// A line for each feature with its numbers, then what was refused, with the reason, and what was wrong, with
/// the SQL and both answers, then the score.
std::string render_conformance_text(const app::ConformanceReport& report);

/// One JSON object, with every question that was asked.
std::string render_conformance_json(const app::ConformanceReport& report);

/// A Markdown table with one row, as docs/drivers.md has one for each engine, then what was refused and
/// wrong.
std::string render_conformance_markdown(const app::ConformanceReport& report);

}  // namespace ktx::cli
