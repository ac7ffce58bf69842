#pragma once

#include <string>

#include "ktx/app/model_check.hpp"

namespace ktx::cli {

/// The findings as a terminal shows them, then a line that says whether the model is valid. Of many
/// findings of one kind, which are told apart by code and severity, only the first are written and the others
/// counted, and of hints all are counted only, unless the text is to be `verbose`.
std::string render_findings_text(const app::FindingList& list, bool verbose);

/// One object: findings, errors, warnings, hints, sources. What a finding does not have is null.
std::string render_findings_json(const app::FindingList& list);

/// One GitHub workflow command for each finding, which puts it beside the line that it is about. `prefix`
/// leads from the repository to the project's folder; it is empty or ends in '/'.
std::string render_findings_github(const app::FindingList& list, const std::string& prefix);

}  // namespace ktx::cli
