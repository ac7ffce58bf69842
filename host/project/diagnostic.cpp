#include "ktx/project/diagnostic.hpp"

#include <algorithm>
#include <tuple>

namespace ktx::project {
namespace {

std::string place(const Diagnostic& diagnostic) {
  if (diagnostic.line == 0) return diagnostic.file;
  return diagnostic.file + ":" + std::to_string(diagnostic.line) + ":" + std::to_string(diagnostic.column);
}

}  // namespace

std::string_view name(Severity severity) {
  if (severity == Severity::error) return "error";
  return severity == Severity::warning ? "warning" : "hint";
}

Severity severity_named(std::string_view name) {
  if (name == "warning") return Severity::warning;
  return name == "hint" ? Severity::hint : Severity::error;
}

std::string question(const Diagnostic& diagnostic) {
  std::string names;
  for (const std::string& suggestion : diagnostic.suggestions) {
    names += (names.empty() ? "\"" : ", \"") + suggestion + "\"";
  }
  return names.empty() ? "" : "did you mean " + names + "?";
}

std::string render(const Diagnostic& diagnostic) {
  std::string text = place(diagnostic) + ": ";
  text.append(name(diagnostic.severity)).append(": ").append(diagnostic.message);
  text.append(" [").append(diagnostic.code).append("]\n");
  if (!diagnostic.suggestions.empty()) text += "  " + question(diagnostic) + "\n";
  if (!diagnostic.fix.empty()) text += "  fix: " + diagnostic.fix + "\n";
  return text;
}

Json to_json(const Diagnostic& diagnostic) {
  Json value = {
      {"code", diagnostic.code}, {"severity", name(diagnostic.severity)}, {"file", diagnostic.file}};
  value["line"] = diagnostic.line == 0 ? Json() : Json(diagnostic.line);
  value["column"] = diagnostic.line == 0 ? Json() : Json(diagnostic.column);
  value["message"] = diagnostic.message;
  value["suggestions"] = diagnostic.suggestions;
  value["fix"] = diagnostic.fix.empty() ? Json() : Json(diagnostic.fix);
  return value;
}

Error to_error(const Diagnostic& diagnostic, ErrorKind kind) {
  std::string message = place(diagnostic) + ": " + diagnostic.message;
  if (!diagnostic.suggestions.empty()) message += "; " + question(diagnostic);
  return {kind, std::move(message), diagnostic.fix};
}

bool has_errors(const std::vector<Diagnostic>& diagnostics) {
  return std::ranges::any_of(diagnostics,
                             [](const Diagnostic& one) { return one.severity == Severity::error; });
}

void sort_by_place(std::vector<Diagnostic>& diagnostics) {
  std::ranges::stable_sort(diagnostics, {}, [](const Diagnostic& one) {
    return std::tie(one.file, one.line, one.column, one.code);
  });
}

}  // namespace ktx::project
