#include "ktx/project/diagnostic.hpp"

#include <algorithm>
#include <tuple>

namespace ktx::project {
namespace {

std::string place(const Diagnostic& diagnostic) {
  if (diagnostic.line == 0) return diagnostic.file;
  return diagnostic.file + ":" + std::to_string(diagnostic.line) + ":" + std::to_string(diagnostic.column);
}

std::string_view name(Severity severity) { return severity == Severity::error ? "error" : "warning"; }

std::string question(const std::string& suggestion) { return "did you mean \"" + suggestion + "\"?"; }

}  // namespace

std::string render(const Diagnostic& diagnostic) {
  std::string text = place(diagnostic) + ": ";
  text.append(name(diagnostic.severity)).append(": ").append(diagnostic.message);
  text.append(" [").append(diagnostic.code).append("]\n");
  if (!diagnostic.suggestion.empty()) text += "  " + question(diagnostic.suggestion) + "\n";
  if (!diagnostic.fix.empty()) text += "  fix: " + diagnostic.fix + "\n";
  return text;
}

Json to_json(const Diagnostic& diagnostic) {
  Json value = {
      {"code", diagnostic.code}, {"severity", name(diagnostic.severity)}, {"file", diagnostic.file}};
  if (diagnostic.line != 0) {
    value["line"] = diagnostic.line;
    value["column"] = diagnostic.column;
  }
  value["message"] = diagnostic.message;
  if (!diagnostic.suggestion.empty()) value["suggestion"] = diagnostic.suggestion;
  if (!diagnostic.fix.empty()) value["fix"] = diagnostic.fix;
  return value;
}

Error to_error(const Diagnostic& diagnostic, ErrorKind kind) {
  std::string message = place(diagnostic) + ": " + diagnostic.message;
  if (!diagnostic.suggestion.empty()) message += "; " + question(diagnostic.suggestion);
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
