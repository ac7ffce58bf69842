#include "source_parsing.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "file_shapes.hpp"
#include "ktx/project/findings.hpp"
#include "ktx/project/source.hpp"
#include "ktx/util/finding.hpp"
#include "ktx/util/text.hpp"
#include "ktx/yaml/document.hpp"
#include "measure_kinds.hpp"

namespace ktx::project {
namespace {

constexpr std::array<std::string_view, 18> number_types = {
    "integer", "bigint",   "smallint", "numeric", "decimal", "float",  "double",           "real",
    "int",     "int2",     "int4",     "int8",    "float4",  "float8", "double precision", "number",
    "tinyint", "mediumint"};
constexpr std::array<std::string_view, 11> time_types = {"timestamp",
                                                         "timestamptz",
                                                         "timestamp with time zone",
                                                         "timestamp without time zone",
                                                         "timestamp_ntz",
                                                         "timestamp_ltz",
                                                         "timestamp_tz",
                                                         "datetime",
                                                         "date",
                                                         "time",
                                                         "timetz"};

void copy(const yaml::Node& from, yaml::Node& to, std::string_view key) {
  if (const yaml::Node* value = from.find_value(key)) to.set(key, *value);
}

// Copies `descriptions`, with the older keys `description` (written by a model) and `db_description` as its
// entries "ai" and "db" if it lacks these. An older key without a text counts as absent.
void copy_descriptions(const yaml::Node& from, yaml::Node& to) {
  const yaml::Node* given = from.find_value("descriptions");
  yaml::Node descriptions = given == nullptr ? yaml::Node::mapping(from.mark) : *given;
  constexpr std::array<std::pair<std::string_view, std::string_view>, 2> older = {
      {{"description", "ai"}, {"db_description", "db"}}};
  for (const auto& [key, entry] : older) {
    const yaml::Node* value = from.find_value(key);
    if (value == nullptr || value->text.empty() || descriptions.find(entry) != nullptr) continue;
    descriptions.set(entry, *value);
  }
  if (!descriptions.members.empty()) to.set("descriptions", std::move(descriptions));
}

// The semantic type of a database's column type: "number", "time", "boolean", else "string". Case, spacing
// and text in parentheses do not matter.
std::string_view map_column_type(std::string_view database_type) {
  const std::string type = lower_case(single_spaced(database_type.substr(0, database_type.find('('))));
  if (std::ranges::find(number_types, type) != number_types.end()) return "number";
  if (std::ranges::find(time_types, type) != time_types.end()) return "time";
  return type == "boolean" || type == "bool" ? "boolean" : "string";
}

yaml::Node project_column(const yaml::Node& column) {
  yaml::Node result = yaml::Node::mapping(column.mark);
  copy(column, result, "name");
  if (const yaml::Node* type = column.find_value("type")) {
    // A number or a text that stores times is a time to the model.
    const bool keeps_times = column.find_value("storage") != nullptr;
    const std::string_view mapped = keeps_times ? "time" : map_column_type(type->text);
    result.set("type", yaml::Node::string(std::string(mapped), type->mark));
    if (mapped == "time") result.set("role", yaml::Node::string("time", type->mark));
  }
  copy_descriptions(column, result);
  for (const char* key : {"storage", "zone", "constraints", "enum_values", "tests"})
    copy(column, result, key);
  return result;
}

yaml::Node project_join(const yaml::Node& join) {
  yaml::Node result = yaml::Node::mapping(join.mark);
  // The manifest's `source`, where a join comes from, is not for the planner.
  for (const char* key : {"to", "on", "relationship", "valid"}) copy(join, result, key);
  return result;
}

bool is_primary_key(const yaml::Node& column) {
  const yaml::Node* key = column.find("pk");
  return key != nullptr && key->is(yaml::Kind::boolean) && key->boolean();
}

yaml::Node grain_of(const yaml::Node& columns) {
  yaml::Node grain = yaml::Node::sequence(columns.mark);
  const bool has_key = std::ranges::any_of(columns.items, is_primary_key);
  for (const yaml::Node& column : columns.items) {
    const yaml::Node* name = column.find_value("name");
    // Without a key, only all columns together can tell rows apart.
    if (name != nullptr && (!has_key || is_primary_key(column))) grain.items.push_back(*name);
  }
  return grain;
}

// The source of a manifest's table: its types mapped, time columns with their role, the primary key as grain
// (all columns if there is none), and the old description keys gathered in `descriptions`. `table` must have
// passed its shape; members that did not are missing.
Source project_manifest_table(const yaml::Member& table) {
  const yaml::Node& entry = table.value;
  Source source{table.key, table.mark, yaml::Node::mapping(entry.mark)};
  yaml::Node& definition = source.definition;
  definition.set("name", yaml::Node::string(table.key, table.mark));
  copy(entry, definition, "table");
  copy_descriptions(entry, definition);
  if (const yaml::Node* columns = entry.find_value("columns")) {
    definition.set("grain", grain_of(*columns));
    yaml::Node projected = yaml::Node::sequence(columns->mark);
    std::ranges::transform(columns->items, std::back_inserter(projected.items), project_column);
    definition.set("columns", std::move(projected));
  }
  if (const yaml::Node* joins = entry.find_value("joins")) {
    yaml::Node projected = yaml::Node::sequence(joins->mark);
    std::ranges::transform(joins->items, std::back_inserter(projected.items), project_join);
    definition.set("joins", std::move(projected));
  }
  for (const char* key : {"default_time_dimension", "tags", "freshness", "timezone"})
    copy(entry, definition, key);
  return source;
}

// The text's mapping; std::nullopt, with a finding, if it is not one.
std::optional<yaml::Node> parse_mapping(std::string_view text, std::uint32_t index, std::string_view expected,
                                        Findings& findings) {
  auto document = yaml::parse(text, index);
  if (const auto* fault = std::get_if<yaml::Fault>(&document)) {
    findings.error(fault->mark, "yaml-syntax", fault->message, {"", fault->fix});
    return std::nullopt;
  }
  auto& root = std::get<yaml::Node>(document);
  if (root.is(yaml::Kind::mapping)) return std::move(root);
  findings.error(root.mark, "not-a-mapping", "Semantic-layer source YAML must contain an object",
                 {"", "Begin it with: " + std::string(expected)});
  return std::nullopt;
}

// The table of a shard that contains the finding; empty if the finding is before the first.
std::string table_around(const yaml::Node& tables, const Finding& finding) {
  std::string name;
  for (const yaml::Member& table : tables.members) {
    const bool after =
        std::pair(table.mark.line, table.mark.column) > std::pair(finding.line, finding.column);
    if (after) break;
    name = table.key;
  }
  return name;
}

void check_origin(const yaml::Node& root, Findings& findings) {
  const yaml::Node* table = root.find("table");
  const yaml::Node* sql = root.find("sql");
  if (table == nullptr && sql == nullptr) {  // the key was written without a value
    findings.error(root.mark, "missing-key", R"(a source needs the key "table" or "sql")",
                   {"", "Write the table's name after table:"});
  }
  if (table == nullptr || sql == nullptr) return;
  findings.error(sql->mark, "table-and-sql", "'table' and 'sql' are mutually exclusive",
                 {"", "Keep the one that the source is read from"});
}

// Adds what a source file or an overlay declares to `parsed`.
void parse_source(yaml::Node root, const std::string& stem, ParsedFile& parsed, Findings& findings) {
  findings.about(root.find_text("name").value_or(stem));
  // Decided before the shape is checked: the two kinds of file have different keys.
  const bool is_source = root.find("table") != nullptr || root.find("sql") != nullptr;
  check_shape(root, is_source ? source_shape : overlay_shape, findings);
  check_measure_kinds(root, "measures", findings);
  if (root.find("name") == nullptr) {
    // A file without a name declares the source of its own name.
    root.members.insert(root.members.begin(), {"name", root.mark, yaml::Node::string(stem, root.mark)});
  }
  const yaml::Node& name = *root.find("name");
  if (!is_source) {
    parsed.overlay = {name.text, name.mark, std::move(root)};
    return;
  }
  check_origin(root, findings);
  parsed.sources.push_back({name.text, name.mark, std::move(root)});
}

void parse_shard(yaml::Node root, ParsedFile& parsed, Findings& findings) {
  check_shape(root, manifest_shape, findings);
  const yaml::Node* tables = root.find_value("tables");
  if (tables == nullptr) return;
  for (Finding& finding : findings.found) finding.source = table_around(*tables, finding);
  for (const yaml::Member& table : tables->members) {
    findings.about(table.key);
    // Not left to the composed source: an overlay may have excluded the column by then.
    if (const yaml::Node* columns = table.value.find("columns")) {
      for (const yaml::Node& column : columns->items) check_type(column, findings);
    }
    parsed.sources.push_back(project_manifest_table(table));
  }
}

void parse_metrics(yaml::Node root, ParsedFile& parsed, Findings& findings) {
  check_shape(root, metrics_shape, findings);
  check_measure_kinds(root, "metrics", findings);
  for (yaml::Member& member : root.members) {
    if (member.key == "metrics") parsed.metrics = std::move(member.value.items);
  }
}

// What a file begins with.
std::string_view first_line(FileRole role) {
  switch (role) {
    case FileRole::shard: return "tables:";
    case FileRole::metrics: return "metrics:";
    case FileRole::source: break;
  }
  return "name: <source>";
}

}  // namespace

void check_type(const yaml::Node& column, Findings& findings) {
  if (!column.is(yaml::Kind::mapping) || column.find("type") != nullptr) return;
  findings.error(column.mark, "missing-key",
                 "column " + in_quotes(column.find_text("name").value_or("")) + " needs the key \"type\"",
                 {"", "Add a line: type: string (or number, time, boolean)"});
}

ParsedFile parse_file(const SourceBytes& bytes, FileRole role, const std::vector<std::string>& files,
                      std::size_t index) {
  ParsedFile parsed;
  parsed.role = role;
  Findings findings(files);
  const std::string stem = std::filesystem::path(files[index]).stem().string();
  if (role == FileRole::source) findings.about(stem);
  if (role == FileRole::metrics) findings.about(metrics_source);
  if (!bytes.readable()) {
    findings.file_error(files[index], "unreadable-file", bytes.failure, {"", "Make the file readable"});
  } else if (auto root =
                 parse_mapping(bytes.text, static_cast<std::uint32_t>(index), first_line(role), findings)) {
    parsed.holds_mapping = true;
    switch (role) {
      case FileRole::source: parse_source(*std::move(root), stem, parsed, findings); break;
      case FileRole::shard: parse_shard(*std::move(root), parsed, findings); break;
      case FileRole::metrics: parse_metrics(*std::move(root), parsed, findings); break;
    }
  }
  parsed.findings = std::move(findings.found);
  return parsed;
}

}  // namespace ktx::project
