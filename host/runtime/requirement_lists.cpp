#include "requirement_lists.hpp"

#include <set>
#include <string_view>

namespace ktx::runtime {
namespace {

/// Takes the first entry off `rest`: its line, and the indented lines after it.
std::string_view take_entry(std::string_view& rest) {
  std::size_t end = 0;
  do {
    const std::size_t line_end = rest.find('\n', end);
    end = line_end == std::string_view::npos ? rest.size() : line_end + 1;
  } while (end < rest.size() && rest[end] == ' ');
  const std::string_view entry = rest.substr(0, end);
  rest.remove_prefix(end);
  return entry;
}

}  // namespace

std::string merged_lists(const std::vector<std::string>& lists) {
  if (lists.size() == 1) return lists.front();
  std::string merged;
  std::set<std::string_view> seen;
  for (std::string_view rest : lists) {
    while (!rest.empty()) {
      const std::string_view entry = take_entry(rest);
      if (!seen.insert(entry).second) continue;
      merged += entry;
      if (!merged.ends_with('\n')) merged += '\n';
    }
  }
  return merged;
}

}  // namespace ktx::runtime
