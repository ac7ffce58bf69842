#include "ktx/project/source_tree.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "column_inheritance.hpp"
#include "findings.hpp"
#include "ktx/project/config.hpp"
#include "ktx/project/suggestion.hpp"
#include "ktx/project/yaml_document.hpp"
#include "ktx/project/yaml_json.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/spans.hpp"
#include "manifest_projection.hpp"
#include "overlay_composition.hpp"
#include "source_checks.hpp"
#include "source_files.hpp"
#include "source_shapes.hpp"

namespace ktx::project {
namespace {

struct Overlay {
  std::string name;
  Mark mark;
  YamlNode node;
};

/// Reads files one after the other, then composes and checks what they declare.
class Loader {
 public:
  explicit Loader(std::filesystem::path directory) : directory_(std::move(directory)) {}

  SourceTree load(const std::string& connection_id) {
    const SourceFiles files = find_source_files(directory_, connection_id);
    for (const std::string& file : files.shards) read_shard(file);
    const std::vector<Source> manifest = sources_;
    for (const std::string& file : files.sources) read_file(file);
    for (Source& source : sources_) {
      findings_.about(source.name);
      inherit_columns(source, manifest, findings_);
    }
    std::ranges::sort(sources_, {}, &Source::name);
    apply_overlays();
    check_sources(sources_, unread_.empty(), findings_);
    for (Source& source : sources_) drop_unsent_keys(source.definition);
    sort_by_place(findings_.diagnostics);
    return {std::move(findings_.files), std::move(sources_), std::move(findings_.diagnostics),
            std::move(unread_)};
  }

 private:
  /// The file's mapping; nothing, and a finding, when it holds none.
  std::optional<YamlNode> read_mapping(const std::string& file, std::string_view expected) {
    auto root = parse_mapping(file, expected);
    if (!root) unread_.insert(file);
    return root;
  }

  std::optional<YamlNode> parse_mapping(const std::string& file, std::string_view expected) {
    std::string text;
    try {
      text = ktx::read_file(directory_ / file);
    } catch (const Error& error) {
      findings_.file_error(file, "unreadable-file", error.message(), {"", "Make the file readable"});
      return std::nullopt;
    }
    auto document = parse_yaml(text, findings_.add_file(file));
    if (const auto* fault = std::get_if<YamlFault>(&document)) {
      findings_.error(fault->mark, "yaml-syntax", fault->message, {"", fault->fix});
      return std::nullopt;
    }
    auto& root = std::get<YamlNode>(document);
    if (root.is(YamlKind::mapping)) return std::move(root);
    findings_.error(root.mark, "not-a-mapping", "Semantic-layer source YAML must contain an object",
                    {"", "Begin it with: " + std::string(expected)});
    return std::nullopt;
  }

  void read_shard(const std::string& file) {
    findings_.about("");
    auto root = read_mapping(file, "tables:");
    if (!root) return;
    const std::size_t before = findings_.diagnostics.size();
    check_shape(*root, manifest_shape, "", findings_);
    const YamlNode* tables = root->find_value("tables");
    if (tables == nullptr) return;
    for (std::size_t i = before; i < findings_.diagnostics.size(); ++i) {
      findings_.diagnostics[i].source = table_around(*tables, findings_.diagnostics[i]);
    }
    for (const YamlMember& table : tables->members) add(project_manifest_table(table));
  }

  /// The table of a shard in which the finding lies; empty when it lies before the first.
  static std::string table_around(const YamlNode& tables, const Diagnostic& finding) {
    std::string name;
    for (const YamlMember& table : tables.members) {
      const bool after =
          std::pair(table.mark.line, table.mark.column) > std::pair(finding.line, finding.column);
      if (after) break;
      name = table.key;
    }
    return name;
  }

  void read_file(const std::string& file) {
    const auto stem = std::filesystem::path(file).stem().string();
    findings_.about(stem);
    auto root = read_mapping(file, "name: <source>");
    if (!root) return;
    findings_.about(root->find_text("name").value_or(stem));
    const bool is_source = root->find("table") != nullptr || root->find("sql") != nullptr;
    check_shape(*root, is_source ? source_shape : overlay_shape, "", findings_);
    if (root->find("name") == nullptr) {
      root->members.insert(root->members.begin(), {"name", root->mark, YamlNode::string(stem, root->mark)});
    }
    const YamlNode& name = *root->find("name");
    if (!is_source) {
      overlays_.push_back({name.text, name.mark, *std::move(root)});
      return;
    }
    check_origin(*root);
    add({name.text, name.mark, *std::move(root)});
  }

  void check_origin(const YamlNode& root) {
    const YamlNode* table = root.find("table");
    const YamlNode* sql = root.find("sql");
    if (table == nullptr && sql == nullptr) {  // one was written, without a value
      findings_.error(root.mark, "missing-key", R"(a source needs the key "table" or "sql")",
                      {"", "Write the table's name after table:"});
    }
    if (table == nullptr || sql == nullptr) return;
    findings_.error(sql->mark, "table-and-sql", "'table' and 'sql' are mutually exclusive",
                    {"", "Keep the one that the source is read from"});
  }

  void add(Source source) {
    findings_.about(source.name);
    const auto [first, added] = places_.emplace(source.name, source.mark);
    if (added) {
      sources_.push_back(std::move(source));
      return;
    }
    findings_.error(
        source.mark, "duplicate-source",
        "Duplicate source name '" + source.name + "'; the other is at " + findings_.place(first->second),
        {"",
         "Rename one of the two; to change a source without declaring it again, write an "
         "overlay: a file without table and sql"});
  }

  void apply_overlays() {
    for (const Overlay& overlay : overlays_) {
      findings_.about(overlay.name);
      const auto base = std::ranges::lower_bound(sources_, overlay.name, {}, &Source::name);
      if (base != sources_.end() && base->name == overlay.name) {
        apply_overlay(*base, overlay.node, findings_);
        continue;
      }
      if (!unread_.empty()) continue;  // its base may be in a file that could not be read
      std::vector<std::string_view> names;
      for (const Source& source : sources_) names.push_back(source.name);
      findings_.warning(overlay.mark, "overlay-without-base",
                        "the overlay '" + overlay.name + "' has no source to change and is left out",
                        {closest(overlay.name, names), "Give the file a table or sql, or correct its name"});
    }
  }

  /// Keys that are for the files only: the planner does not know them.
  static void drop_unsent_keys(YamlNode& definition) {
    for (const char* key : {"source_type", "inherits_columns_from"}) definition.erase(key);
  }

  std::filesystem::path directory_;
  Findings findings_;
  std::vector<Source> sources_;
  std::vector<Overlay> overlays_;
  std::map<std::string, Mark> places_;
  std::set<std::string> unread_;
};

const YamlNode* step_into(const YamlNode& node, const Json& step) {
  if (step.is_string()) return node.find(step.get_ref<const std::string&>());
  if (!step.is_number_integer() || step.get<std::int64_t>() < 0) return nullptr;
  const auto index = step.get<std::size_t>();
  return index < node.items.size() ? &node.items[index] : nullptr;
}

}  // namespace

std::size_t Source::count(std::string_view list) const {
  const YamlNode* nodes = definition.find(list);
  return nodes == nullptr ? 0 : nodes->items.size();
}

std::string Source::description() const { return description_of(definition); }

std::string description_of(const YamlNode& node) {
  if (const auto text = node.find_text("description"); text && !text->empty()) return *text;
  const YamlNode* texts = node.find("descriptions");
  if (texts == nullptr) return {};
  for (const char* key : {"user", "ai", "dbt", "db"}) {
    if (const auto text = texts->find_text(key); text && !text->empty()) return *text;
  }
  for (const YamlMember& member : texts->members) {
    if (!member.value.text.empty()) return member.value.text;
  }
  return {};
}

std::string SourceTree::sources_json(const std::set<std::string>& except) const {
  const ScopedSpan span("encode sources");
  std::string json = "[";
  for (const Source& source : sources) {
    if (except.contains(source.name)) continue;
    if (json.size() > 1) json += ',';
    append_json(json, source.definition);
  }
  return json + "]";
}

std::optional<Place> SourceTree::place(std::string_view source, const Json& path) const {
  const auto found = std::ranges::lower_bound(sources, source, {}, &Source::name);
  if (found == sources.end() || found->name != source) return std::nullopt;
  const YamlNode* node = &found->definition;
  Mark mark = found->mark;
  for (const Json& step : path) {
    node = step_into(*node, step);
    if (node == nullptr) break;
    mark = node->mark;
  }
  return Place{files[mark.file], mark.line, mark.column};
}

std::optional<std::string> SourceTree::locate(std::string_view source, const Json& path) const {
  const auto found = place(source, path);
  if (!found) return std::nullopt;
  return found->file + ":" + std::to_string(found->line) + ":" + std::to_string(found->column);
}

SourceTree load_source_tree(const std::filesystem::path& project_directory,
                            const std::string& connection_id) {
  const ScopedSpan span("load sources");
  return Loader(project_directory).load(connection_id);
}

bool has_source_directory(const std::filesystem::path& project_directory, const std::string& connection_id) {
  std::error_code none;
  return std::filesystem::is_directory(semantic_layer_directory(project_directory) / connection_id, none);
}

std::vector<std::string> connections_with_sources(const std::filesystem::path& project_directory) {
  std::vector<std::string> ids;
  std::error_code none;
  for (const auto& entry :
       std::filesystem::directory_iterator(semantic_layer_directory(project_directory), none)) {
    std::string name = entry.path().filename().string();
    if (entry.is_directory() && is_connection_id(name)) ids.push_back(std::move(name));
  }
  std::ranges::sort(ids);
  return ids;
}

}  // namespace ktx::project
