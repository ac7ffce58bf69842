#include "entry.hpp"

#include <algorithm>

#include "ktx/util/digest.hpp"

namespace ktx::cache {
namespace {

constexpr std::string_view magic = "ktx-cache 1 ";

std::string header(const Kind& kind, const std::string& key, std::string_view value) {
  return std::string(magic) + kind.name + " " + key + " " + std::to_string(value.size()) + " " +
         hex(sha256(value)) + "\n";
}

}  // namespace

std::string encode_entry(const Kind& kind, const std::string& key, std::string_view value) {
  return header(kind, key, value).append(value);
}

std::optional<std::string> decode_entry(const Kind& kind, const std::string& key, std::string&& bytes) {
  const auto line = bytes.find('\n');
  if (line == std::string::npos) return std::nullopt;
  const std::string_view value = std::string_view(bytes).substr(line + 1);
  // Equal to what would be written for these bytes: one comparison for all that a header says.
  if (!bytes.starts_with(header(kind, key, value))) return std::nullopt;
  bytes.erase(0, line + 1);
  return std::move(bytes);
}

bool is_entry_name(std::string_view name) {
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return name.size() == 64 && std::ranges::all_of(name, is_digit);
}

bool is_temporary_name(std::string_view name) { return name.starts_with(temporary_prefix); }

}  // namespace ktx::cache
