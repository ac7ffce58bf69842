#include "ktx/runtime/inventory.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "ktx/util/digest.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/interrupt.hpp"

namespace ktx::runtime {
namespace {

namespace fs = std::filesystem;
using Kind = FileDifference::Kind;

// One line for each path, by the path relative to the environment, which orders them.
using Lines = std::map<std::string, std::string>;

constexpr std::string_view link_mark = "# link ";
constexpr std::string_view arrow = " -> ";

// Escapes a path as sha256sum does, so that it stays on one line.
std::string escaped(std::string_view path) {
  std::string text;
  for (const char character : path) {
    if (character == '\\') {
      text += "\\\\";
    } else if (character == '\n') {
      text += "\\n";
    } else {
      text += character;
    }
  }
  return text;
}

std::string link_line(const fs::path& link, const std::string& relative) {
  return std::string(link_mark) + escaped(relative) + std::string(arrow) +
         escaped(fs::read_symlink(link).string());
}

std::string file_line(const fs::path& file, const std::string& relative) {
  // Opening a pipe would wait for a writer.
  if (!fs::is_regular_file(file)) throw Error(ErrorKind::io, "Not a file: " + file.string());
  const std::string shown = escaped(relative);
  // sha256sum marks a line with an escaped path by a backslash at its beginning.
  return (shown == relative ? "" : "\\") + hex(sha256_of_file(file)) + "  " + shown;
}

// The line that describes `path` now; std::nullopt if it cannot be read.
std::optional<std::string> line_of(const fs::path& path, const std::string& relative) {
  try {
    return fs::is_symlink(path) ? link_line(path, relative) : file_line(path, relative);
  } catch (const Error&) {
    return std::nullopt;
    // is_symlink and read_symlink throw this one.
  } catch (const fs::filesystem_error&) {
    return std::nullopt;
  }
}

// Every file and link below `directory`, except the inventory itself. Folders are not listed.
std::vector<fs::path> files_below(const fs::path& directory) {
  std::vector<fs::path> files;
  std::error_code ignored;
  for (fs::recursive_directory_iterator at(directory, ignored), end; at != end; at.increment(ignored)) {
    const bool is_directory = at->is_directory(ignored) && !at->is_symlink(ignored);
    if (!is_directory && at->path() != directory / inventory_file) files.push_back(at->path());
  }
  return files;
}

// The path of an inventory's line; empty for any other line.
std::string path_of(std::string_view line) {
  // 64 hexadecimal digits and two blanks.
  constexpr std::size_t digest_and_blanks = 66;
  if (line.starts_with(link_mark)) {
    line.remove_prefix(link_mark.size());
    return std::string(line.substr(0, line.find(arrow)));
  }
  if (line.starts_with('\\')) line.remove_prefix(1);
  return line.size() > digest_and_blanks ? std::string(line.substr(digest_and_blanks)) : std::string();
}

Lines parse_inventory(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (std::string path = path_of(line); !path.empty()) lines.emplace(std::move(path), line);
  }
  return lines;
}

// Removes existing files from `expected`, so that the missing ones remain.
std::vector<FileDifference> compare_files(const fs::path& directory, Lines& expected) {
  std::vector<FileDifference> differences;
  for (const fs::path& file : files_below(directory)) {
    throw_if_interrupted();
    const std::string relative = file.lexically_relative(directory).string();
    const auto known = expected.find(escaped(relative));
    if (known == expected.end()) {
      differences.push_back({Kind::added, file});
      continue;
    }
    if (line_of(file, relative) != known->second) differences.push_back({Kind::changed, file});
    expected.erase(known);
  }
  return differences;
}

}  // namespace

std::string_view name(Kind kind) {
  constexpr std::array<std::string_view, 3> names = {"missing", "changed", "added"};
  return names.at(static_cast<std::size_t>(kind));
}

std::string FileDifference::describe() const { return std::string(name(kind)) + " " + path.string(); }

std::string write_inventory(const fs::path& environment_dir) {
  Lines lines;
  for (const fs::path& file : files_below(environment_dir)) {
    throw_if_interrupted();
    const std::string relative = file.lexically_relative(environment_dir).string();
    auto line = line_of(file, relative);
    if (!line) throw Error(ErrorKind::io, "Cannot read " + file.string() + ", which was just installed");
    lines.emplace(escaped(relative), *std::move(line));
  }
  std::string text;
  for (const auto& [path, line] : lines) text += line + "\n";
  write_file_atomically(environment_dir / inventory_file, text);
  return hex(sha256(text));
}

InventoryCheck check_inventory(const fs::path& environment_dir, const std::string& sha256_of_inventory) {
  const fs::path file = environment_dir / inventory_file;
  std::optional<std::string> text;
  try {
    text = read_file_if_exists(file);
  } catch (const Error&) {
    return {0, {{Kind::changed, file}}};
  }
  if (!text) return {0, {{Kind::missing, file}}};
  // A changed inventory proves nothing about the files.
  if (hex(sha256(*text)) != sha256_of_inventory) return {0, {{Kind::changed, file}}};
  Lines expected = parse_inventory(*text);
  InventoryCheck check{expected.size(), {}};
  check.differences = compare_files(environment_dir, expected);
  for (const auto& [path, line] : expected) {
    check.differences.push_back({Kind::missing, environment_dir / path});
  }
  std::sort(check.differences.begin(), check.differences.end(),
            [](const auto& one, const auto& other) { return one.path < other.path; });
  return check;
}

}  // namespace ktx::runtime
