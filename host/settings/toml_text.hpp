#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/util/json.hpp"

namespace ktx::settings {

/// A header or a key with its value. Offsets are in bytes.
// NOLINTNEXTLINE(bugprone-exception-escape): the move of a Json only asserts
struct TomlStatement {
  enum class Kind { table, array_of_tables, value };

  Kind kind = Kind::value;
  std::vector<std::string> names;  ///< the whole path, that of its table included
  std::size_t header_names = 0;    ///< how many of them its table gives
  std::size_t begin = 0;           ///< of its line
  std::size_t end = 0;             ///< behind the statement
  std::size_t line_end = 0;        ///< behind its last line's break
  std::size_t value_begin = 0;     ///< of a value
  Json value = {};  ///< texts, truths, lists and inline tables; anything else as the text that stands there

  bool is_below(const std::vector<std::string>& path) const;
};

/// The statements of a TOML document, in order. What stands between them are blank lines and comments.
/// Throws `fault_at` for a text that is no TOML; what a name means twice, or whether a date exists, is not
/// looked at.
std::vector<TomlStatement> toml_statements(std::string_view text, const std::string& file);

/// A text as a basic string.
std::string toml_string(const std::string& text);

/// A name as a bare key, or in quotes where it cannot be one.
std::string toml_key(const std::string& name);

}  // namespace ktx::settings
