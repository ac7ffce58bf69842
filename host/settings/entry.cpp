#include "ktx/settings/entry.hpp"

#include <algorithm>

#include "format_entry.hpp"

namespace ktx::settings {
namespace {

const EntryLanguage& language_of(const EntryPath& path) {
  return path.format == Format::json ? json_language() : toml_language();
}

std::size_t line_of(std::string_view text, std::size_t offset) {
  return 1 + static_cast<std::size_t>(std::ranges::count(text.substr(0, offset), '\n'));
}

}  // namespace

Json all_fields(const EntryFields& fields) {
  Json all = fields.always;
  for (const auto& [key, value] : fields.at_first.items()) all[key] = value;
  return all;
}

std::optional<Json> find_entry(std::string_view text, const std::string& file, const EntryPath& path) {
  return language_of(path).find(text, file, path.names);
}

std::string with_entry(std::string_view text, const std::string& file, const EntryPath& path,
                       const EntryFields& fields) {
  return language_of(path).with(text, file, path.names, fields);
}

std::string without_entry(std::string_view text, const std::string& file, const EntryPath& path) {
  return language_of(path).without(text, file, path.names);
}

std::optional<LineRange> entry_lines(std::string_view text, const std::string& file, const EntryPath& path) {
  const auto extent = language_of(path).locate(text, file, path.names);
  if (!extent) return std::nullopt;
  return LineRange{line_of(text, extent->begin), line_of(text, extent->end)};
}

std::string entry_alone(const EntryPath& path, const EntryFields& fields) {
  return language_of(path).with("", "", path.names, fields);
}

}  // namespace ktx::settings
