#include "ktx/runtime/uv_progress.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>

namespace ktx::runtime {
namespace {

bool skip(std::string_view& text, std::string_view start) {
  if (!text.starts_with(start)) return false;
  text.remove_prefix(start.size());
  return true;
}

/// Letters, digits, '.', '_' and '-' alone: it is shown on a terminal.
bool is_package_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-';
  });
}

/// 15728640 for "15.0MiB".
std::optional<std::uint64_t> parse_size(std::string_view text) {
  double number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_sensible = number >= 0 && number < 1e6;
  if (parsed.ec != std::errc{} || !is_sensible) return std::nullopt;
  constexpr std::array<std::string_view, 4> units = {"B", "KiB", "MiB", "GiB"};
  const std::string_view unit(parsed.ptr, text.data() + text.size());
  const auto* const found = std::ranges::find(units, unit);
  if (found == units.end()) return std::nullopt;
  return static_cast<std::uint64_t>(
      std::llround(std::ldexp(number, 10 * static_cast<int>(found - units.begin()))));
}

}  // namespace

bool UvProgress::take(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return take_resolved(line) || take_downloading(line) || take_downloaded(line) || take_installed(line);
}

/// "Resolved 33 packages in 342ms".
bool UvProgress::take_resolved(std::string_view line) {
  if (!skip(line, "Resolved ")) return false;
  std::size_t total = 0;
  const auto parsed = std::from_chars(line.data(), line.data() + line.size(), total);
  const std::string_view rest(parsed.ptr, line.data() + line.size());
  if (parsed.ec != std::errc{} || !rest.starts_with(" package")) return false;
  current_.total = total;
  return true;
}

/// "Downloading numpy (15.0MiB)", "Downloading cpython-3.13.9-linux-x86_64-gnu (download) (31.1MiB)".
bool UvProgress::take_downloading(std::string_view line) {
  if (!skip(line, "Downloading ") || !line.ends_with(')')) return false;
  const auto open = line.rfind(" (");
  if (open == std::string_view::npos) return false;
  const auto bytes = parse_size(line.substr(open + 2, line.size() - open - 3));
  const std::string_view package = line.substr(0, line.find(' '));
  if (!bytes || !is_package_name(package)) return false;
  downloads_.push_back({std::string(package), *bytes});
  show_download();
  return true;
}

/// " Downloaded numpy".
bool UvProgress::take_downloaded(std::string_view line) {
  if (!skip(line, " Downloaded ")) return false;
  const std::string_view package = line.substr(0, line.find(' '));
  const auto found = std::ranges::find(downloads_, package, &Download::package);
  if (found == downloads_.end()) return false;
  downloads_.erase(found);
  show_download();
  return true;
}

/// " + numpy==2.5.5", " + kaelio-ktx==0.1.0 (from file:///…)".
bool UvProgress::take_installed(std::string_view line) {
  if (!skip(line, " + ")) return false;
  const std::string_view package = line.substr(0, line.find_first_of("= "));
  if (!is_package_name(package)) return false;
  current_.package = package;
  current_.bytes = 0;
  ++current_.done;
  return true;
}

void UvProgress::show_download() {
  const Download shown = downloads_.empty() ? Download{} : downloads_.back();
  current_.package = shown.package;
  current_.bytes = shown.bytes;
}

}  // namespace ktx::runtime
