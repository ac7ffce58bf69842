#include "uri_template.hpp"

#include <charconv>

#include "ktx/util/text.hpp"

namespace ktx::mcp {
namespace {

// The text with its percent-encoding undone; std::nullopt if that is broken or not UTF-8.
std::optional<std::string> decoded(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      result += text[at];
      continue;
    }
    unsigned value = 0;
    const std::string_view digits = text.substr(at + 1, 2);
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (digits.size() != 2 || read.ptr != digits.data() + 2) return std::nullopt;
    result += static_cast<char>(value);
    at += 2;
  }
  if (first_invalid_utf8(result)) return std::nullopt;
  return result;
}

}  // namespace

std::optional<Json> match_uri(std::string_view uri_template, std::string_view uri) {
  Json values = Json::object();
  for (;;) {
    const std::size_t open = uri_template.find('{');
    const std::string_view literal = uri_template.substr(0, open);
    if (!uri.starts_with(literal)) return std::nullopt;
    uri.remove_prefix(literal.size());
    if (open == std::string_view::npos) return uri.empty() ? std::optional(values) : std::nullopt;
    const std::size_t close = uri_template.find('}', open);
    std::string_view name = uri_template.substr(open + 1, close - open - 1);
    uri_template.remove_prefix(close + 1);
    const bool takes_slashes = name.starts_with('+');
    if (takes_slashes) name.remove_prefix(1);
    // The literal that follows ends the value; a variable at the end takes the rest.
    const std::string_view next = uri_template.substr(0, uri_template.find('{'));
    const std::size_t end = next.empty() ? uri.size() : uri.find(next);
    if (end == std::string_view::npos || end == 0) return std::nullopt;
    const std::string_view raw = uri.substr(0, end);
    if (!takes_slashes && raw.find('/') != std::string_view::npos) return std::nullopt;
    auto value = decoded(raw);
    if (!value) return std::nullopt;
    values[std::string(name)] = std::move(*value);
    uri.remove_prefix(end);
  }
}

}  // namespace ktx::mcp
