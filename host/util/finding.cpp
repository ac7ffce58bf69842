#include "ktx/util/finding.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace ktx {
namespace {

Place place_of(const Finding& finding) { return {finding.file, finding.line, finding.column}; }

}  // namespace

std::string_view name(Severity severity) {
  if (severity == Severity::error) return "error";
  return severity == Severity::warning ? "warning" : "hint";
}

std::optional<Severity> severity_named(std::string_view name) {
  if (name == "error") return Severity::error;
  if (name == "warning") return Severity::warning;
  if (name == "hint") return Severity::hint;
  return std::nullopt;
}

std::string text_of(const Place& place) {
  if (place.line == 0) return place.file;
  return place.file + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

std::string did_you_mean(const Finding& finding) {
  std::string names;
  for (const std::string& suggestion : finding.suggestions) {
    names += (names.empty() ? "\"" : ", \"") + suggestion + "\"";
  }
  return names.empty() ? "" : "did you mean " + names + "?";
}

std::string render(const Finding& finding) {
  std::string text = text_of(place_of(finding)) + ": ";
  text.append(name(finding.severity)).append(": ").append(finding.message);
  text.append(" [").append(finding.code).append("]\n");
  if (!finding.suggestions.empty()) text += "  " + did_you_mean(finding) + "\n";
  if (!finding.fix.empty()) text += "  fix: " + finding.fix + "\n";
  return text;
}

Json to_json(const Finding& finding) {
  Json value = {{"code", finding.code}, {"severity", name(finding.severity)}, {"file", finding.file}};
  // Null and not 0: editors count lines from 1, and would jump to a line that does not exist.
  value["line"] = finding.line == 0 ? Json() : Json(finding.line);
  value["column"] = finding.line == 0 ? Json() : Json(finding.column);
  value["message"] = finding.message;
  value["suggestions"] = finding.suggestions;
  value["fix"] = finding.fix.empty() ? Json() : Json(finding.fix);
  return value;
}

Error to_error(const Finding& finding, ErrorKind kind) {
  std::string message = text_of(place_of(finding)) + ": " + finding.message;
  if (!finding.suggestions.empty()) message += "; " + did_you_mean(finding);
  const Error error(kind, std::move(message), finding.fix);
  return error.with({.suggestions = finding.suggestions, .place = text_of(place_of(finding))});
}

bool has_errors(const std::vector<Finding>& findings) {
  return std::ranges::any_of(findings, [](const Finding& one) { return one.severity == Severity::error; });
}

void sort_by_place(std::vector<Finding>& findings) {
  std::ranges::stable_sort(
      findings, {}, [](const Finding& one) { return std::tie(one.file, one.line, one.column, one.code); });
}

}  // namespace ktx
