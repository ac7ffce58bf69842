#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ktx/project/diagnostic.hpp"

namespace ktx::cli {

/// A finding of `ktx sl validate`.
struct ListedFinding {
  project::Diagnostic diagnostic;
  std::string connection_id;           ///< empty when it is about no connection
  std::vector<std::string> concerned;  ///< further sources that it is about
};

/// The answer to `ktx sl validate`.
struct FindingList {
  std::vector<ListedFinding> findings;   ///< sorted by place
  std::size_t sources = 0;               ///< how many were checked
  std::vector<std::string> connections;  ///< whose they are
  std::string source;                    ///< the one that was asked about; empty when all were

  /// Errors of other sources, when one was asked about: what needs these sources was not judged.
  std::size_t errors_elsewhere = 0;

  std::size_t count(project::Severity severity) const;
};

/// The findings as a terminal shows them, then a line that says whether the model is valid. Of many
/// findings of one kind, which are told apart by code and severity, only the first are written and the others
/// counted, and of hints all are counted only, unless the text is to be `verbose`.
std::string render_findings_text(const FindingList& list, bool verbose);

/// One object: findings, errors, warnings, hints, sources. What a finding does not have is null.
std::string render_findings_json(const FindingList& list);

/// One GitHub workflow command for each finding, which puts it beside the line that it is about. `prefix`
/// leads from the repository to the project's folder; it is empty or ends in '/'.
std::string render_findings_github(const FindingList& list, const std::string& prefix);

}  // namespace ktx::cli
