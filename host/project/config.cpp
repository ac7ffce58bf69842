#include "ktx/project/config.hpp"

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

#include "calendar.hpp"
#include "file_shapes.hpp"
#include "ktx/project/findings.hpp"
#include "ktx/util/access.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/file_lock.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/finding.hpp"
#include "ktx/util/shell_words.hpp"
#include "ktx/util/text.hpp"
#include "ktx/yaml/document.hpp"

namespace ktx::project {
namespace {

const yaml::Member* find_member(const yaml::Node& root, std::string_view path) {
  const auto dot = path.find('.');
  const auto found = std::ranges::find(root.members, path.substr(0, dot), &yaml::Member::key);
  if (found == root.members.end()) return nullptr;
  return dot == std::string_view::npos ? &*found : find_member(found->value, path.substr(dot + 1));
}

// Reads one document; knows the file's name for the findings.
// The order matters: what ends a command (legacy keys, unknown choices, no name) is looked for before wrong
// types, which only remove a value.
class Reader {
 public:
  explicit Reader(std::string file) : file_(std::move(file)) {}

  Config read(yaml::Node root) {
    if (!root.is(yaml::Kind::mapping))
      fail(root.mark, "not-a-mapping", "ktx.yaml must hold a mapping", "", "Begin it with: project: <name>");
    // Before the types: a legacy key is an error, and a wrong type only a warning.
    check_legacy_keys(root);
    check_choices(root);
    check_calendars(root);
    Config config;
    config.project = project_name(root);
    ignore_ill_typed(root, config_shape, "");
    read_connections(root, config.connections);
    read_storage(root, config.storage);
    read_embeddings(root, config.embeddings);
    read_setup(root, config.setup);
    config.findings = std::move(findings_);
    return config;
  }

  [[noreturn]] void fail(const yaml::Mark& mark, std::string code, std::string message,
                         std::string suggestion, std::string fix) const {
    Finding finding{std::move(code), Severity::error,    file_, mark.line,
                    mark.column,     std::move(message), {},    std::move(fix)};
    if (!suggestion.empty()) finding.suggestions.push_back(std::move(suggestion));
    throw to_error(finding, ErrorKind::project);
  }

 private:
  void check_legacy_keys(const yaml::Node& root) const {
    for (const LegacyKey& legacy : legacy_keys) {
      if (const yaml::Member* member = find_member(root, legacy.path)) {
        const std::string replacement(legacy.replacement);
        fail(member->mark, "legacy-key", "Unsupported " + std::string(legacy.path) + ": use " + replacement,
             "", "Move the setting to " + replacement);
      }
    }
  }

  void check_choices(const yaml::Node& root) const {
    for (const Choice& choice : choices) {
      const yaml::Member* member = find_member(root, choice.path);
      if (member == nullptr || member->value.is(yaml::Kind::null)) continue;
      if (std::ranges::find(choice.values, member->value.text) != choice.values.end()) continue;
      fail(member->value.mark, "unknown-value",
           std::string(choice.path) + " cannot be \"" + member->value.text + "\"",
           closest(member->value.text, {choice.values.begin(), choice.values.end()}),
           "Use one of: " + comma_separated(choice.values));
    }
  }

  void check_calendars(const yaml::Node& root) const {
    check_calendar(root, file_);
    const yaml::Node* connections = root.find_value("connections");
    if (connections == nullptr) return;
    for (const yaml::Member& member : connections->members) {
      if (member.value.is(yaml::Kind::mapping)) check_calendar(member.value, file_);
    }
  }

  std::string project_name(const yaml::Node& root) const {
    const yaml::Node* given = root.find_value("project");
    if (given != nullptr && !given->is(yaml::Kind::string)) {
      const bool is_one_value = !given->is(yaml::Kind::sequence) && !given->is(yaml::Kind::mapping);
      fail(given->mark, "wrong-type",
           "ktx.yaml field \"project\" must be text, not " + std::string(yaml::describe(given->kind)), "",
           is_one_value ? "Put it in quotes: project: \"" + given->text + "\""
                        : "Write a name: project: <name>");
    }
    std::string name = root.find_text("project").value_or("");
    name.erase(0, name.find_first_not_of(" \t\r\n"));
    name.erase(name.find_last_not_of(" \t\r\n") + 1);
    if (name.empty()) {
      const yaml::Node* value = root.find("project");
      fail(value == nullptr ? root.mark : value->mark, "missing-key",
           "ktx.yaml field \"project\" is required", "", "Add a line: project: <name>");
    }
    return name;
  }

  static void read_connections(const yaml::Node& root, std::vector<Connection>& connections) {
    const yaml::Node* section = root.find_value("connections");
    if (section == nullptr) return;
    const Json calendar = calendar_of(root, nullptr);
    for (const yaml::Member& member : section->members) {
      const yaml::Node& settings = member.value;
      connections.push_back({member.key, settings.find_text("driver"), settings.find_text("url"),
                             settings.find_text("path"), boolean(settings, "readonly").value_or(false),
                             settings, settings.find_text("timezone"), calendar_of(settings, calendar),
                             place_of_time_spine(settings, root)});
    }
  }

  static std::optional<yaml::Mark> place_of_time_spine(const yaml::Node& settings, const yaml::Node& root) {
    const yaml::Node* own = settings.find_value("time_spine");
    const yaml::Node* spine = own != nullptr ? own : root.find_value("time_spine");
    return spine == nullptr ? std::nullopt : std::optional(spine->mark);
  }

  static void read_storage(const yaml::Node& root, Storage& storage) {
    const yaml::Node* section = root.find_value("storage");
    const yaml::Node* git = section == nullptr ? nullptr : section->find_value("git");
    if (git == nullptr) return;
    storage.git_auto_commit = boolean(*git, "auto_commit").value_or(storage.git_auto_commit);
    storage.git_author = git->find_text("author").value_or(storage.git_author);
  }

  static void read_embeddings(const yaml::Node& root, Embeddings& embeddings) {
    if (const yaml::Node* section = root.find_value("embeddings"))
      embeddings.backend = section->find_text("backend");
    const yaml::Node* ingest = root.find_value("ingest");
    const yaml::Node* older = ingest == nullptr ? nullptr : ingest->find_value("embeddings");
    if (embeddings.backend || older == nullptr) return;
    // ONNX Runtime makes the same vectors with a fraction of the packages.
    if (older->find_text("backend") == "sentence-transformers") embeddings.backend = "onnx";
  }

  static void read_setup(const yaml::Node& root, SetupRecord& setup) {
    const yaml::Node* section = root.find_value("setup");
    if (section == nullptr) return;
    setup.database_connection_ids = texts(section->find_value("database_connection_ids"));
    setup.completed_steps = texts(section->find_value("completed_steps"));
  }

  // The texts of a list; other values in it are skipped.
  static std::vector<std::string> texts(const yaml::Node* list) {
    std::vector<std::string> texts;
    if (list == nullptr) return texts;
    for (const yaml::Node& item : list->items) {
      if (item.is(yaml::Kind::string)) texts.push_back(item.text);
    }
    return texts;
  }

  static std::optional<bool> boolean(const yaml::Node& parent, std::string_view key) {
    const yaml::Node* value = parent.find_value(key);
    if (value == nullptr) return std::nullopt;
    return value->boolean();
  }

  // Removes the values below `node` that do not have the shape, each with a warning.
  void ignore_ill_typed(yaml::Node& node, const Shape& shape, const std::string& path) {
    const std::string prefix = path.empty() ? "" : path + ".";
    if (shape.kind == Shape::Kind::map) {
      std::erase_if(node.members, [&](yaml::Member& member) {
        return !keep(member.value, *shape.item, prefix + member.key);
      });
    }
    if (shape.kind != Shape::Kind::object) return;
    for (const Field& field : shape.object->fields) {
      yaml::Node* value = node.find(field.key);
      // Null counts as absent; a required member is judged by the code that reads it.
      if (value == nullptr || value->is(yaml::Kind::null) || field.required) continue;
      if (!keep(*value, *field.shape, prefix + std::string(field.key))) node.erase(field.key);
    }
  }

  bool keep(yaml::Node& value, const Shape& shape, const std::string& path) {
    const auto kind = yaml_kind(shape);
    if (kind && !expect(value, *kind, path)) return false;
    ignore_ill_typed(value, shape, path);
    return true;
  }

  // Whether the value has the kind; otherwise a warning says that it is ignored.
  bool expect(const yaml::Node& value, yaml::Kind kind, const std::string& path) {
    if (value.is(kind)) return true;
    findings_.push_back({"wrong-type",
                         Severity::warning,
                         file_,
                         value.mark.line,
                         value.mark.column,
                         path + " must be " + std::string(yaml::describe(kind)) + ", not " +
                             std::string(describe(value.kind)) + "; it is ignored",
                         {},
                         "Write " + path + " as " + std::string(yaml::describe(kind))});
    return false;
  }

  std::string file_;
  std::vector<Finding> findings_;
};

std::string list_ids(const Config& config) {
  std::string text;
  for (const Connection& connection : config.connections) text += (text.empty() ? "" : ", ") + connection.id;
  return text;
}

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

namespace fs = std::filesystem;

constexpr const char* edited_file = "ktx.yaml";
constexpr std::string_view ignored_files =
    "# What ktx keeps for itself on this machine; it is made anew when it is missing.\ndb.sqlite*\n*.lock\n";

}  // namespace

const Connection* Config::find_connection(std::string_view id) const {
  const auto found = std::ranges::find(connections, id, &Connection::id);
  return found == connections.end() ? nullptr : &*found;
}

Config parse_config(std::string_view text, const std::string& file) {
  Reader reader(file);
  auto document = yaml::parse(text);
  if (const auto* fault = std::get_if<yaml::Fault>(&document)) {
    reader.fail(fault->mark, "yaml-syntax", fault->message, "", fault->fix);
  }
  return reader.read(std::get<yaml::Node>(std::move(document)));
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
              "--connection-id is required when the local project has zero or multiple connections.",
              ids.empty() ? "Declare a connection in ktx.yaml" : "Name one with --connection-id: " + ids);
}

Error unknown_connection(const Config& config, const std::string& id) {
  std::vector<std::string_view> names;
  for (const Connection& connection : config.connections) names.push_back(connection.id);
  const std::string meant = closest(id, names);
  const std::string ids = list_ids(config);
  const Error error(ErrorKind::connection,
                    "There is no connection \"" + id + "\" in ktx.yaml" +
                        (meant.empty() ? "" : "; did you mean \"" + meant + "\"?"),
                    ids.empty() ? "Declare a connection in ktx.yaml" : "Use one of: " + ids);
  return meant.empty() ? error : error.with({.suggestions = {meant}});
}

Error no_config_file(const fs::path& directory, const std::string& fix) {
  const bool is_misnamed = path_exists(directory / "ktx.yml");
  return {ErrorKind::project,
          "No ktx.yaml in " + directory.string() + (is_misnamed ? ", only a ktx.yml" : "") +
              (path_exists(directory) ? "" : ": there is no such folder"),
          is_misnamed ? "Rename it: " + shell_command({"mv", (directory / "ktx.yml").string(),
                                                       (directory / "ktx.yaml").string()})
                      : fix};
}

fs::path make_local_folder(const fs::path& directory) {
  fs::path folder = directory / ".ktx";
  const bool is_new = !path_exists(folder);
  make_user_directories(folder);
  // Only with a new folder: a user who removed the file later did so on purpose.
  if (is_new) write_user_file(folder / ".gitignore", ignored_files);
  return folder;
}

void edit_config_file(const fs::path& directory,
                      const std::function<std::string(const std::string& text)>& edit) {
  const fs::path file = directory / edited_file;
  if (presence_of(file) == Presence::absent) {
    throw no_config_file(directory, enter_a_project);
  }
  // In a file of its own: ktx.yaml itself is replaced by a rename, and a lock on the old file would exclude
  // nobody.
  const FileLock lock =
      FileLock::acquire(make_local_folder(directory) / "ktx.yaml.lock", LockMode::exclusive);
  std::error_code fault;
  // The link's target: renaming onto the link itself would replace the link.
  const fs::path target = fs::canonical(file, fault);
  if (fault) throw system_error("Cannot read", file.string(), fault.value());
  const std::string text = read_file(target);
  const std::string result = edit(text);
  if (result == text) return;
  // Throws if the result is no ktx.yaml that could be loaded.
  parse_config(result, edited_file);
  write_user_file(target, result);
}

namespace {

constexpr std::string_view environment_prefix = "env:";
constexpr std::string_view file_prefix = "file:";

std::string trimmed(const std::string& text) {
  constexpr std::string_view white_space = " \t\r\n";
  const auto first = text.find_first_not_of(white_space);
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(white_space) - first + 1);
}

std::string read_secret(const std::filesystem::path& path, const std::string& what) {
  const auto text = read_file_if_exists(path);
  if (!text) {
    throw Error(ErrorKind::connection,
                what + " refers to the file " + path.string() + ", which does not exist",
                "Create the file, or correct " + what + " in ktx.yaml");
  }
  return trimmed(*text);
}

}  // namespace

std::string resolve_secret(const std::string& reference, const std::string& what,
                           const Environment& environment, const std::filesystem::path& project_directory) {
  if (reference.starts_with(environment_prefix)) {
    const std::string name = reference.substr(environment_prefix.size());
    if (auto value = environment.variable(name)) return *value;
    throw Error(ErrorKind::connection,
                what + " refers to the environment variable " + name + ", which is not set",
                "Set " + name + ", or correct " + what + " in ktx.yaml");
  }
  if (reference.starts_with(file_prefix)) {
    // path's operator/ takes an absolute path as it is.
    return read_secret(project_directory / reference.substr(file_prefix.size()), what);
  }
  return reference;
}

}  // namespace ktx::project
