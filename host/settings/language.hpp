#pragma once

#include "ktx/settings/entry.hpp"

namespace ktx::settings {

/// What entry.hpp promises, in one language; `names` are those of the path.
class EntryLanguage {
 public:
  virtual ~EntryLanguage() = default;

  using Names = std::vector<std::string>;

  virtual std::optional<Json> find(std::string_view text, const std::string& file,
                                   const Names& names) const = 0;
  virtual std::string without_secrets(std::string_view text, const std::string& file,
                                      const Names& names) const = 0;
  virtual std::string with(std::string_view text, const std::string& file, const Names& names,
                           const EntryFields& fields) const = 0;
  virtual std::string without(std::string_view text, const std::string& file, const Names& names) const = 0;
};

const EntryLanguage& json_language();
const EntryLanguage& toml_language();

/// What stands for a secret.
inline constexpr const char* hidden_value = "\"\u2026\"";

/// The fields of a new entry.
Json all_fields(const EntryFields& fields);

}  // namespace ktx::settings
