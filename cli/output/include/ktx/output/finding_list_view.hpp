#pragma once

#include <string>

#include "ktx/app/model_check.hpp"

namespace ktx::cli {

/// As `render`, with each of its texts as one line that cannot control a terminal.
std::string render_finding(const Finding& finding);

/// The findings for a terminal, then a line that says whether the model is valid. Unless `verbose`, only the
/// first of many findings of one kind (same code and severity) are written, the rest is counted, and hints
/// are only counted.
std::string render_findings_text(const app::FindingList& list, bool verbose);

/// One JSON object: findings, errors, warnings, hints, sources. Members that a finding lacks are null.
std::string render_findings_json(const app::FindingList& list);

/// One GitHub workflow command for each finding, which shows it beside its line. `prefix` is the path from
/// the repository to the project; it is empty or ends in '/'.
std::string render_findings_github(const app::FindingList& list, const std::string& prefix);

}  // namespace ktx::cli
