#include "ktx/project/source_file.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "ktx/util/filesystem.hpp"
#include "ktx/yaml/document.hpp"
#include "ktx/yaml/emitter.hpp"
#include "source_composition.hpp"
#include "source_files.hpp"

namespace ktx::project {
namespace {

namespace fs = std::filesystem;

bool is_lower_letter_or_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'); }

// The tree of the connection's files, with `text` in place of the file `path`, or without that file.
SourceTree tree_with(const fs::path& project_directory, const std::string& connection_id,
                     const std::string& path, const std::optional<std::string>& text) {
  auto names = find_source_files(project_directory, connection_id);
  std::erase(names, path);
  if (text) names.push_back(path);
  // The order decides which of two declarations is the duplicate.
  in_reading_order(names, connection_id, [](const std::string& name) { return name; });
  std::vector<ParsedFile> parsed;
  for (std::size_t i = 0; i < names.size(); ++i) {
    SourceBytes bytes;
    if (names[i] == path) {
      bytes.text = *text;
    } else {
      bytes = read_source_file(project_directory, names[i], std::nullopt);
    }
    parsed.push_back(parse_file(bytes, role_of(names[i], connection_id), names, i));
  }
  return compose_sources(std::move(names), std::move(parsed));
}

bool is_fault(const Finding& finding, const std::string& path, const std::string& name) {
  if (finding.code == "duplicate-source") return finding.source == name;
  if (finding.file != path) return false;
  if (finding.code == "overlay-without-base") return true;
  return finding.severity == Severity::error && finding.code != "unknown-join-target";
}

// What is wrong with the name in the text. A text that is not a mapping has other faults.
std::optional<Finding> name_fault(const std::string& text, const std::string& path, const std::string& name) {
  const auto document = yaml::parse(text);
  const auto* root = std::get_if<yaml::Node>(&document);
  if (root == nullptr || !root->is(yaml::Kind::mapping)) return std::nullopt;
  const yaml::Node* written = root->find("name");
  if (written == nullptr) {
    return Finding{"missing-key",
                   Severity::error,
                   path,
                   root->mark.line,
                   root->mark.column,
                   "a source needs the key \"name\"",
                   {},
                   "Add a line: name: " + name,
                   name};
  }
  if (written->text == name) return std::nullopt;
  return Finding{"name-mismatch",
                 Severity::error,
                 path,
                 written->mark.line,
                 written->mark.column,
                 "the source is named \"" + written->text + "\" here, and \"" + name + "\" in the command",
                 {},
                 "Write name: " + name + ", or name " + written->text + " in the command",
                 name};
}

bool is_plain_in_a_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

}  // namespace

bool is_source_name(std::string_view name) {
  return !name.empty() && is_lower_letter_or_digit(name[0]) &&
         std::ranges::all_of(name, [](char c) { return is_lower_letter_or_digit(c) || c == '_'; });
}

std::string source_path(const std::string& connection_id, const std::string& name) {
  return "semantic-layer/" + connection_id + "/" + name + ".yaml";
}

std::optional<std::string> read_source_text(const fs::path& project_directory,
                                            const std::string& connection_id, const std::string& name,
                                            const SourceTree& tree) {
  if (is_source_name(name)) {
    auto text = read_file_if_exists(project_directory / source_path(connection_id, name));
    if (text) return text;
  }
  const auto source = std::ranges::find(tree.sources, name, &Source::name);
  if (source == tree.sources.end()) return std::nullopt;
  const std::string& file = tree.files[source->mark.file];
  // A shard holds many tables and is written by programs: it is not the source's own file. The metrics are
  // in any number of files.
  if (role_of(file, connection_id) != FileRole::source) return std::nullopt;
  return read_file(project_directory / file);
}

SourceTree source_tree_with(const fs::path& project_directory, const std::string& connection_id,
                            const std::string& name, const std::optional<std::string>& text) {
  return tree_with(project_directory, connection_id, source_path(connection_id, name), text);
}

SourceTextCheck check_source_text(const fs::path& project_directory, const std::string& connection_id,
                                  const std::string& name, const std::string& text) {
  const std::string path = source_path(connection_id, name);
  SourceTextCheck check;
  if (auto fault = name_fault(text, path, name)) {  // under another name nothing else can be judged
    check.faults.push_back(*std::move(fault));
    return check;
  }
  for (Finding& finding : tree_with(project_directory, connection_id, path, text).findings) {
    if (is_fault(finding, path, name)) {
      check.faults.push_back(std::move(finding));
    } else if (finding.file == path || finding.source == name) {
      check.remarks.push_back(std::move(finding));
    }
  }
  return check;
}

void write_source_text(const fs::path& project_directory, const std::string& connection_id,
                       const std::string& name, std::string text) {
  if (!text.ends_with('\n')) text += '\n';
  write_user_file(project_directory / source_path(connection_id, name), text);
}

std::string source_yaml(const Json& definition) {
  const auto document = yaml::parse(compact_json(definition));  // JSON is YAML
  if (const auto* fault = std::get_if<yaml::Fault>(&document)) {
    throw Error(ErrorKind::project, "A source cannot be written: " + fault->message);
  }
  return yaml::to_yaml(std::get<yaml::Node>(document));
}

std::string source_file_name(const std::string& source) {
  std::string name = source;
  std::ranges::replace_if(
      name, [](char c) { return !is_plain_in_a_name(c); }, '_');
  if (name.empty() || name[0] == '-') name.insert(0, "_");
  return name + ".yaml";
}

}  // namespace ktx::project
