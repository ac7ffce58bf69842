#include "ktx/install/record.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "ktx/util/digest.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"

namespace ktx::runtime {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> record_files(const std::vector<fs::path>& directories) {
  std::vector<fs::path> files;
  for (const fs::path& directory : directories) {
    std::error_code ignored;
    for (fs::directory_iterator at(directory, ignored), end; at != end; at.increment(ignored)) {
      if (at->path().extension() == ".dist-info") files.push_back(at->path() / "RECORD");
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

// "certifi" of ".../certifi-2026.1.4.dist-info/RECORD".
std::string package_of(const fs::path& record) {
  const std::string folder = record.parent_path().filename().string();
  return folder.substr(0, folder.find('-'));
}

std::optional<RecordFault::Kind> compare(const fs::path& path, std::string_view digest) {
  try {
    // Opening a pipe would wait for a writer.
    if (path_exists(path) && !fs::is_regular_file(path)) return RecordFault::Kind::changed;
    if (base64url(sha256_of_file(path)) == digest) return std::nullopt;
    return RecordFault::Kind::changed;
  } catch (const Error&) {
    return RecordFault::Kind::missing;
  }
}

void check_record(const fs::path& record, std::string_view text, RecordCheck& check) {
  constexpr std::string_view algorithm = "sha256=";
  // RECORD's paths are relative to the folder that contains the .dist-info folder.
  const fs::path site_packages = record.parent_path().parent_path();
  for (const RecordLine& line : parse_record(text)) {
    if (line.path.empty() || line.digest.empty()) continue;
    // The format allows other digests; pip and uv write this one.
    if (!line.digest.starts_with(algorithm)) {
      throw Error(ErrorKind::install, "Unknown digest \"" + line.digest + "\" in " + record.string());
    }
    ++check.files;
    const fs::path path = (site_packages / line.path).lexically_normal();
    if (const auto fault = compare(path, std::string_view(line.digest).substr(algorithm.size()))) {
      check.faults.push_back({*fault, path, package_of(record)});
    }
  }
}

}  // namespace

std::string RecordFault::describe() const {
  return (kind == Kind::missing ? "missing " : "changed ") + path.string();
}

RecordCheck check_records(const std::vector<fs::path>& directories) {
  RecordCheck check;
  std::string digests;
  for (const fs::path& record : record_files(directories)) {
    const auto text = read_file_if_exists(record);
    if (!text) {
      check.faults.push_back({RecordFault::Kind::missing, record, package_of(record)});
      continue;
    }
    // With the folder's name, which holds the package's name and version.
    digests += record.parent_path().filename().string() + " " + hex(sha256(*text)) + "\n";
    check_record(record, *text, check);
  }
  check.records_sha256 = hex(sha256(digests));
  return check;
}

namespace {

// Takes one field of a CSV line off the front of `rest`.
std::string take_field(std::string_view& rest) {
  std::string field;
  bool quoted = false;
  while (!rest.empty()) {
    const char character = rest.front();
    rest.remove_prefix(1);
    if (character == ',' && !quoted) return field;
    if (character != '"') {
      field += character;
    } else if (quoted && rest.starts_with('"')) {
      field += '"';
      rest.remove_prefix(1);
    } else {
      quoted = !quoted;
    }
  }
  return field;
}

RecordLine parse_line(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  RecordLine parsed;
  parsed.path = take_field(line);
  parsed.digest = take_field(line);
  return parsed;
}

}  // namespace

std::vector<RecordLine> parse_record(std::string_view text) {
  std::vector<RecordLine> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(parse_line(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace ktx::runtime
