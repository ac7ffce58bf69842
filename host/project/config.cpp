#include "ktx/project/config.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "ktx/project/suggestion.hpp"
#include "ktx/project/yaml_document.hpp"
#include "ktx/util/text.hpp"

namespace ktx::project {
namespace {

using Path = std::vector<std::string_view>;

struct LegacyKey {
  std::string_view path;
  std::string_view replacement;
};

constexpr std::array<LegacyKey, 6> legacy_keys = {{
    {"llm.provider.provider", "llm.provider.backend"},
    {"ingest.embeddings.provider", "ingest.embeddings.backend"},
    {"scan.enrichment.embeddings.provider", "scan.enrichment.embeddings.backend"},
    {"ingest.llm", "llm"},
    {"scan.enrichment.backend", "scan.enrichment.mode"},
    {"scan.enrichment.llm", "llm"},
}};

constexpr std::array<std::string_view, 4> llm_backends = {"none", "anthropic", "vertex", "gateway"};
constexpr std::array<std::string_view, 4> embedding_backends = {"none", "deterministic", "openai",
                                                                "sentence-transformers"};
constexpr std::array<std::string_view, 3> enrichment_modes = {"none", "deterministic", "llm"};

struct Choice {
  std::string_view path;
  std::span<const std::string_view> values;
};

constexpr std::array<Choice, 4> choices = {{
    {"llm.provider.backend", llm_backends},
    {"ingest.embeddings.backend", embedding_backends},
    {"scan.enrichment.embeddings.backend", embedding_backends},
    {"scan.enrichment.mode", enrichment_modes},
}};

const YamlMember* find_member(const YamlNode& root, std::string_view path) {
  const auto dot = path.find('.');
  const auto found = std::ranges::find(root.members, path.substr(0, dot), &YamlMember::key);
  if (found == root.members.end()) return nullptr;
  return dot == std::string_view::npos ? &*found : find_member(found->value, path.substr(dot + 1));
}

/// Reads one document; knows the file's name for the findings.
class Reader {
 public:
  explicit Reader(std::string file) : file_(std::move(file)) {}

  Config read(const YamlNode& root) {
    if (!root.is(YamlKind::mapping))
      fail(root.mark, "not-a-mapping", "ktx.yaml must hold a mapping", "", "Begin it with: project: <name>");
    check_legacy_keys(root);
    check_choices(root);
    Config config;
    config.project = project_name(root);
    read_connections(root, config.connections);
    read_storage(root, config.storage);
    config.findings = std::move(findings_);
    return config;
  }

  [[noreturn]] void fail(const Mark& mark, std::string code, std::string message, std::string suggestion,
                         std::string fix) const {
    Diagnostic finding{std::move(code), Severity::error,    file_, mark.line,
                       mark.column,     std::move(message), {},    std::move(fix)};
    if (!suggestion.empty()) finding.suggestions.push_back(std::move(suggestion));
    throw to_error(finding, ErrorKind::project);
  }

 private:
  void check_legacy_keys(const YamlNode& root) const {
    for (const LegacyKey& legacy : legacy_keys) {
      if (const YamlMember* member = find_member(root, legacy.path)) {
        const std::string replacement(legacy.replacement);
        fail(member->mark, "legacy-key", "Unsupported " + std::string(legacy.path) + ": use " + replacement,
             "", "Move the setting to " + replacement);
      }
    }
  }

  void check_choices(const YamlNode& root) const {
    for (const Choice& choice : choices) {
      const YamlMember* member = find_member(root, choice.path);
      if (member == nullptr || member->value.is(YamlKind::null)) continue;
      if (std::ranges::find(choice.values, member->value.text) != choice.values.end()) continue;
      fail(member->value.mark, "unknown-value",
           std::string(choice.path) + " cannot be \"" + member->value.text + "\"",
           closest(member->value.text, {choice.values.begin(), choice.values.end()}),
           "Use one of: " + comma_separated(choice.values));
    }
  }

  std::string project_name(const YamlNode& root) const {
    std::string name = root.find_text("project").value_or("");
    name.erase(0, name.find_first_not_of(" \t\r\n"));
    name.erase(name.find_last_not_of(" \t\r\n") + 1);
    if (name.empty()) {
      const YamlNode* value = root.find("project");
      fail(value == nullptr ? root.mark : value->mark, "missing-key",
           "ktx.yaml field \"project\" is required", "", "Add a line: project: <name>");
    }
    return name;
  }

  void read_connections(const YamlNode& root, std::vector<Connection>& connections) {
    const YamlNode* section = root.find_value("connections");
    if (section == nullptr || !expect(*section, YamlKind::mapping, "connections")) return;
    for (const YamlMember& member : section->members) {
      const std::string path = "connections." + member.key;
      if (!expect(member.value, YamlKind::mapping, path)) continue;
      Connection connection;
      connection.id = member.key;
      connection.settings = member.value;
      connection.driver = text(member.value, "driver", path);
      connection.url = text(member.value, "url", path);
      connection.path = text(member.value, "path", path);
      connection.readonly = boolean(member.value, "readonly", path).value_or(false);
      connections.push_back(std::move(connection));
    }
  }

  void read_storage(const YamlNode& root, Storage& storage) {
    const YamlNode* section = root.find_value("storage");
    if (section == nullptr || !expect(*section, YamlKind::mapping, "storage")) return;
    const YamlNode* git = section->find_value("git");
    if (git == nullptr || !expect(*git, YamlKind::mapping, "storage.git")) return;
    storage.git_auto_commit = boolean(*git, "auto_commit", "storage.git").value_or(storage.git_auto_commit);
    storage.git_author = text(*git, "author", "storage.git").value_or(storage.git_author);
  }

  std::optional<std::string> text(const YamlNode& parent, std::string_view key, const std::string& path) {
    const YamlNode* value = parent.find_value(key);
    if (value == nullptr || !expect(*value, YamlKind::string, path + "." + std::string(key)))
      return std::nullopt;
    return value->text;
  }

  std::optional<bool> boolean(const YamlNode& parent, std::string_view key, const std::string& path) {
    const YamlNode* value = parent.find_value(key);
    if (value == nullptr || !expect(*value, YamlKind::boolean, path + "." + std::string(key)))
      return std::nullopt;
    return value->boolean();
  }

  /// Whether the value has the kind; else it is ignored, which is said.
  bool expect(const YamlNode& value, YamlKind kind, const std::string& path) {
    if (value.is(kind)) return true;
    findings_.push_back({"wrong-type",
                         Severity::warning,
                         file_,
                         value.mark.line,
                         value.mark.column,
                         path + " must be " + std::string(describe(kind)) + ", not " +
                             std::string(describe(value.kind)) + "; it is ignored",
                         {},
                         "Write " + path + " as " + std::string(describe(kind))});
    return false;
  }

  std::string file_;
  std::vector<Diagnostic> findings_;
};

std::string list_ids(const Config& config) {
  std::string text;
  for (const Connection& connection : config.connections) text += (text.empty() ? "" : ", ") + connection.id;
  return text;
}

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

const Connection* Config::find_connection(std::string_view id) const {
  const auto found = std::ranges::find(connections, id, &Connection::id);
  return found == connections.end() ? nullptr : &*found;
}

Config parse_config(std::string_view text, const std::string& file) {
  Reader reader(file);
  const auto document = parse_yaml(text);
  if (const auto* fault = std::get_if<YamlFault>(&document)) {
    reader.fail(fault->mark, "yaml-syntax", fault->message, "", fault->fix);
  }
  return reader.read(std::get<YamlNode>(document));
}

bool is_connection_id(std::string_view id) {
  return !id.empty() && is_letter_or_digit(id[0]) &&
         std::ranges::all_of(id, [](char c) { return is_letter_or_digit(c) || c == '_' || c == '-'; });
}

std::string choose_connection(const Config& config, const std::optional<std::string>& requested) {
  if (requested) return *requested;
  if (config.connections.size() == 1) return config.connections.front().id;
  const std::string ids = list_ids(config);
  throw Error(ErrorKind::connection,
              "connectionId is required when the local project has zero or multiple connections.",
              ids.empty() ? "Declare a connection in ktx.yaml" : "Name one with --connection-id: " + ids);
}

Error unknown_connection(const Config& config, const std::string& id) {
  std::vector<std::string_view> names;
  for (const Connection& connection : config.connections) names.push_back(connection.id);
  const std::string meant = closest(id, names);
  const std::string ids = list_ids(config);
  return {ErrorKind::connection,
          "There is no connection \"" + id + "\" in ktx.yaml" +
              (meant.empty() ? "" : "; did you mean \"" + meant + "\"?"),
          ids.empty() ? "Declare a connection in ktx.yaml" : "Use one of: " + ids};
}

}  // namespace ktx::project
