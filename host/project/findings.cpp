#include "ktx/project/findings.hpp"

#include <algorithm>
#include <utility>

#include "ktx/util/text.hpp"

namespace ktx::project {
namespace {

// The result of `closest`, which may be empty, as a list.
std::vector<std::string> listed(std::string suggestion) {
  if (suggestion.empty()) return {};
  return {std::move(suggestion)};
}

}  // namespace

std::string in_quotes(std::string_view text) { return "\"" + std::string(text) + "\""; }

void Findings::error(const yaml::Mark& mark, std::string code, std::string message, Help help) {
  add(Severity::error, mark, std::move(code), std::move(message), std::move(help));
}

void Findings::warning(const yaml::Mark& mark, std::string code, std::string message, Help help) {
  add(Severity::warning, mark, std::move(code), std::move(message), std::move(help));
}

void Findings::add(Severity severity, const yaml::Mark& mark, std::string code, std::string message,
                   Help help) {
  found.push_back({std::move(code), severity, files_[mark.file], mark.line, mark.column, std::move(message),
                   listed(std::move(help.suggestion)), std::move(help.fix), source_});
}

void Findings::file_error(const std::string& file, std::string code, std::string message, Help help) {
  found.push_back({std::move(code), Severity::error, file, 0, 0, std::move(message),
                   listed(std::move(help.suggestion)), std::move(help.fix), source_});
}

std::string Findings::place(const yaml::Mark& mark) const {
  return files_[mark.file] + ":" + std::to_string(mark.line);
}

namespace {

constexpr std::size_t most_edits = 2;

std::size_t difference(std::size_t a, std::size_t b) { return a > b ? a - b : b - a; }

}  // namespace

std::string closest(std::string_view name, const std::vector<std::string_view>& candidates) {
  std::string_view best;
  std::size_t best_distance = name.size() + 1;
  const std::string folded = lower_case(std::string(name));
  for (const std::string_view candidate : candidates) {
    const std::size_t allowed = std::min(most_edits, std::max(name.size(), candidate.size()) / 3);
    // The distance is at least the difference of the lengths.
    if (difference(name.size(), candidate.size()) > allowed) continue;
    const std::size_t distance = edit_distance(folded, lower_case(std::string(candidate)));
    if (distance <= allowed && distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return std::string(best);
}

}  // namespace ktx::project
