#include "findings.hpp"

#include <utility>

namespace ktx::project {

std::string in_quotes(std::string_view text) { return "\"" + std::string(text) + "\""; }

namespace {

/// A closest name, which may be empty, as a list.
std::vector<std::string> listed(std::string suggestion) {
  if (suggestion.empty()) return {};
  return {std::move(suggestion)};
}

}  // namespace

void Findings::error(const Mark& mark, std::string code, std::string message, Help help) {
  add(Severity::error, mark, std::move(code), std::move(message), std::move(help));
}

void Findings::warning(const Mark& mark, std::string code, std::string message, Help help) {
  add(Severity::warning, mark, std::move(code), std::move(message), std::move(help));
}

void Findings::add(Severity severity, const Mark& mark, std::string code, std::string message, Help help) {
  diagnostics.push_back({std::move(code), severity, files_[mark.file], mark.line, mark.column,
                         std::move(message), listed(std::move(help.suggestion)), std::move(help.fix),
                         source_});
}

void Findings::file_error(const std::string& file, std::string code, std::string message, Help help) {
  diagnostics.push_back({std::move(code), Severity::error, file, 0, 0, std::move(message),
                         listed(std::move(help.suggestion)), std::move(help.fix), source_});
}

std::string Findings::place(const Mark& mark) const {
  return files_[mark.file] + ":" + std::to_string(mark.line);
}

}  // namespace ktx::project
