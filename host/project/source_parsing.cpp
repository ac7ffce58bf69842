#include "source_parsing.hpp"

#include <utility>

#include "findings.hpp"
#include "ktx/project/yaml_document.hpp"
#include "manifest_projection.hpp"
#include "source_shapes.hpp"

namespace ktx::project {
namespace {

/// The text's mapping; nothing, and a finding, when it holds none.
std::optional<YamlNode> parse_mapping(std::string_view text, std::uint32_t index, std::string_view expected,
                                      Findings& findings) {
  auto document = parse_yaml(text, index);
  if (const auto* fault = std::get_if<YamlFault>(&document)) {
    findings.error(fault->mark, "yaml-syntax", fault->message, {"", fault->fix});
    return std::nullopt;
  }
  auto& root = std::get<YamlNode>(document);
  if (root.is(YamlKind::mapping)) return std::move(root);
  findings.error(root.mark, "not-a-mapping", "Semantic-layer source YAML must contain an object",
                 {"", "Begin it with: " + std::string(expected)});
  return std::nullopt;
}

/// The table of a shard in which the finding lies; empty when it lies before the first.
std::string table_around(const YamlNode& tables, const Diagnostic& finding) {
  std::string name;
  for (const YamlMember& table : tables.members) {
    const bool after =
        std::pair(table.mark.line, table.mark.column) > std::pair(finding.line, finding.column);
    if (after) break;
    name = table.key;
  }
  return name;
}

void check_origin(const YamlNode& root, Findings& findings) {
  const YamlNode* table = root.find("table");
  const YamlNode* sql = root.find("sql");
  if (table == nullptr && sql == nullptr) {  // one was written, without a value
    findings.error(root.mark, "missing-key", R"(a source needs the key "table" or "sql")",
                   {"", "Write the table's name after table:"});
  }
  if (table == nullptr || sql == nullptr) return;
  findings.error(sql->mark, "table-and-sql", "'table' and 'sql' are mutually exclusive",
                 {"", "Keep the one that the source is read from"});
}

/// Puts what the mapping of a file that is no shard declares into `parsed`.
void parse_source(YamlNode root, const std::string& stem, ParsedFile& parsed, Findings& findings) {
  findings.about(root.find_text("name").value_or(stem));
  const bool is_source = root.find("table") != nullptr || root.find("sql") != nullptr;
  check_shape(root, is_source ? source_shape : overlay_shape, findings);
  if (root.find("name") == nullptr) {
    root.members.insert(root.members.begin(), {"name", root.mark, YamlNode::string(stem, root.mark)});
  }
  const YamlNode& name = *root.find("name");
  if (!is_source) {
    parsed.overlay = {name.text, name.mark, std::move(root)};
    return;
  }
  check_origin(root, findings);
  parsed.sources.push_back({name.text, name.mark, std::move(root)});
}

void parse_shard(YamlNode root, ParsedFile& parsed, Findings& findings) {
  check_shape(root, manifest_shape, findings);
  const YamlNode* tables = root.find_value("tables");
  if (tables == nullptr) return;
  for (Diagnostic& finding : findings.diagnostics) finding.source = table_around(*tables, finding);
  for (const YamlMember& table : tables->members) parsed.sources.push_back(project_manifest_table(table));
}

}  // namespace

ParsedFile parse_file(const SourceBytes& bytes, bool is_shard, const std::vector<std::string>& files,
                      std::size_t index) {
  ParsedFile parsed;
  parsed.is_shard = is_shard;
  Findings findings(files);
  const std::string stem = std::filesystem::path(files[index]).stem().string();
  if (!is_shard) findings.about(stem);
  if (!bytes.readable()) {
    findings.file_error(files[index], "unreadable-file", bytes.failure, {"", "Make the file readable"});
  } else if (auto root = parse_mapping(bytes.text, static_cast<std::uint32_t>(index),
                                       is_shard ? "tables:" : "name: <source>", findings)) {
    parsed.holds_mapping = true;
    if (is_shard) {
      parse_shard(*std::move(root), parsed, findings);
    } else {
      parse_source(*std::move(root), stem, parsed, findings);
    }
  }
  parsed.findings = std::move(findings.diagnostics);
  return parsed;
}

}  // namespace ktx::project
