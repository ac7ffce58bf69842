#include "output/finding_list_view.hpp"

#include <algorithm>
#include <string_view>

#include "ktx/util/json.hpp"

namespace ktx::cli {
namespace {

using project::Diagnostic;
using project::Severity;

std::string number_of(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string summary(const FindingList& list) {
  const std::size_t errors = list.count(Severity::error);
  const std::size_t warnings = list.count(Severity::warning);
  const std::string noted = warnings == 0 ? "" : ", " + number_of(warnings, "warning");
  if (errors == 0 && !list.source.empty()) {
    std::string lines;
    for (const std::string& id : list.connections) {
      lines.append("Valid semantic-layer source: ").append(id).append("/");
      lines.append(list.source).append(noted).append("\n");
    }
    if (list.errors_elsewhere == 0) return lines;
    return lines + "Other sources have " + number_of(list.errors_elsewhere, "error") +
           "; what needs them was not checked (ktx sl validate)\n";
  }
  return (errors == 0 ? "Valid: " : "Invalid: ") + number_of(list.sources, "source") + " of " +
         number_of(list.connections.size(), "connection") +
         (errors == 0 ? "" : ", " + number_of(errors, "error")) + noted + "\n";
}

Json or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

/// The escapes of a workflow command; in a property the separators are escaped too.
std::string escaped(std::string_view text, bool property) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '%': result += "%25"; break;
      case '\r': result += "%0D"; break;
      case '\n': result += "%0A"; break;
      case ':': result += property ? "%3A" : ":"; break;
      case ',': result += property ? "%2C" : ","; break;
      default: result += c;
    }
  }
  return result;
}

std::string workflow_command(const Diagnostic& finding, const std::string& prefix) {
  std::string text = "::";
  text.append(project::name(finding.severity)).append(" file=").append(escaped(prefix + finding.file, true));
  if (finding.line != 0) {
    text += ",line=" + std::to_string(finding.line) + ",col=" + std::to_string(finding.column);
  }
  text += ",title=" + escaped(finding.code, true) + "::";
  std::string message = finding.message;
  const std::string question = project::question(finding);
  if (!question.empty()) message += "\n" + question;
  if (!finding.fix.empty()) message += "\nfix: " + finding.fix;
  return text + escaped(message, false) + "\n";
}

}  // namespace

std::size_t FindingList::count(Severity severity) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      findings, [&](const ListedFinding& finding) { return finding.diagnostic.severity == severity; }));
}

std::string render_findings_text(const FindingList& list) {
  std::string text;
  for (const ListedFinding& finding : list.findings) text += project::render(finding.diagnostic);
  return text + summary(list);
}

std::string render_findings_json(const FindingList& list) {
  Json findings = Json::array();
  for (const ListedFinding& finding : list.findings) {
    Json& object = findings.emplace_back(project::to_json(finding.diagnostic));
    object["connectionId"] = or_null(finding.connection_id);
    object["source"] = or_null(finding.diagnostic.source);
  }
  return pretty_json({{"findings", findings},
                      {"errors", list.count(Severity::error)},
                      {"warnings", list.count(Severity::warning)},
                      {"sources", list.sources}});
}

std::string render_findings_github(const FindingList& list, const std::string& prefix) {
  std::string text;
  for (const ListedFinding& finding : list.findings) text += workflow_command(finding.diagnostic, prefix);
  return text;
}

}  // namespace ktx::cli
