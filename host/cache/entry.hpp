#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ktx/cache/kind.hpp"

namespace ktx::cache {

/// The bytes of an entry's file: a line with kind, key, length and SHA-256 of the value, then the value.
std::string encode_entry(const Kind& kind, const std::string& key, std::string_view value);

/// The value, if the bytes are a whole entry for that kind and key.
std::optional<std::string> decode_entry(const Kind& kind, const std::string& key, std::string&& bytes);

/// Whether the file is named as entries are, or as what becomes one.
bool is_entry_name(std::string_view name);
bool is_temporary_name(std::string_view name);

/// What stands before the random part of a file that is being written.
inline constexpr const char* temporary_prefix = ".new-";

}  // namespace ktx::cache
