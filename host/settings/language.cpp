#include "language.hpp"

#include "ktx/settings/entry.hpp"

namespace ktx::settings {
namespace {

const EntryLanguage& language_of(const EntryPath& path) {
  return path.format == Format::json ? json_language() : toml_language();
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

std::string without_secrets(std::string_view text, const std::string& file, const EntryPath& path) {
  return language_of(path).without_secrets(text, file, path.names);
}

std::string entry_alone(const EntryPath& path, const EntryFields& fields) {
  return language_of(path).with("", "", path.names, fields);
}

}  // namespace ktx::settings
