#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/util/json.hpp"

namespace ktx::settings {

/// The languages that other programs keep their settings in. `json` may have comments, commas behind the last
/// member, and a byte order mark.
enum class Format { json, toml };

/// An entry in the settings of another program: an object, or a table, by the names that lead to it, such as
/// {"mcpServers", "ktx"}.
struct EntryPath {
  Format format = Format::json;
  std::vector<std::string> names;  ///< at least two
};

/// What an entry shall hold. Values are texts, truths, lists of texts, and objects of texts.
// NOLINTNEXTLINE(bugprone-exception-escape): the move of a Json only asserts
struct EntryFields {
  Json always = Json::object();    ///< written in any case
  Json at_first = Json::object();  ///< written with a new entry; later they are the user's
};

/// All functions work on the text of a whole file and return the new text; every byte that is not the entry's
/// own stays: comments, order, indentation, line breaks, a byte order mark, a missing line break at the end.
/// `file` is for errors only. They throw an `io` error that begins with file:line:column for a text that is
/// not understood, or has something else where the entry belongs; the result was read again and compared.

/// The entry; std::nullopt if the text has none.
std::optional<Json> find_entry(std::string_view text, const std::string& file, const EntryPath& path);

/// The text with the entry. In one that is there, only fields that differ are written. The same text if
/// nothing differs.
std::string with_entry(std::string_view text, const std::string& file, const EntryPath& path,
                       const EntryFields& fields);

/// The text without the entry; also without what held only the entry and was written with it, so that
/// a text that `with_entry` has added it to is as it was. Nothing but the byte order mark is left where
/// the entry was all.
std::string without_entry(std::string_view text, const std::string& file, const EntryPath& path);

/// The text for people to look at, in the same lines: with "…" for every text that is a value of somebody
/// else, or a variable of the entry, for it may be a secret.
std::string without_secrets(std::string_view text, const std::string& file, const EntryPath& path);

/// The entry as a file of its own, for a person to copy.
std::string entry_alone(const EntryPath& path, const EntryFields& fields);

}  // namespace ktx::settings
