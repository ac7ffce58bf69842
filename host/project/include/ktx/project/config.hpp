#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/util/environment.hpp"
#include "ktx/util/finding.hpp"
#include "ktx/util/json.hpp"
#include "ktx/yaml/node.hpp"

namespace ktx::project {

/// One entry of `connections`. Its mapping is open: each driver knows keys of its own.
// NOLINTNEXTLINE(bugprone-exception-escape): the move of a Json only asserts
struct Connection {
  std::string id;
  std::optional<std::string> driver;
  std::optional<std::string> url;   ///< may be a secret reference
  std::optional<std::string> path;  ///< may be a secret reference
  bool readonly = false;
  yaml::Node settings;                                 ///< the whole mapping, with places
  std::optional<std::string> timezone = std::nullopt;  ///< the default time zone of its queries
  /// When weeks and fiscal years begin, its own settings over the project's; null if neither says anything.
  Json calendar = nullptr;
  std::optional<yaml::Mark> time_spine = std::nullopt;  ///< where it says which source has the periods
};

/// How the project's own files are kept. `storage.state` and `storage.search` can have only one value each,
/// so they have no members.
struct Storage {
  bool git_auto_commit = true;
  std::string git_author = "ktx <ktx@example.com>";
};

/// What local embeddings are made with.
struct Embeddings {
  /// "none" (not at all), "onnx" or "sentence-transformers", whose vectors are equal to 1e-6; std::nullopt if
  /// ktx.yaml does not say. A project of an older ktx has `ingest.embeddings.backend`, which means "onnx".
  std::optional<std::string> backend;
};

/// What `ktx setup` has noted about itself.
struct SetupRecord {
  std::vector<std::string> database_connection_ids;
  /// Of project, llm, embeddings, databases, sources, context, agents.
  std::vector<std::string> completed_steps;
};

/// The contents of ktx.yaml. Unknown keys are left alone; a value of the wrong type is replaced by its
/// default, with a warning in `findings`.
struct Config {
  std::string project;
  std::vector<Connection> connections;  ///< in the order of the file
  Storage storage;
  Embeddings embeddings;
  SetupRecord setup;
  std::vector<Finding> findings;  ///< warnings only

  /// The connection of that id; nullptr if there is none.
  const Connection* find_connection(std::string_view id) const;
};

/// Reads the text of ktx.yaml; `file` names it in messages. Throws a `project` error, with the place, if it
/// is not a mapping, lacks `project`, or holds a key or a choice that is no longer supported.
Config parse_config(std::string_view text, const std::string& file);

/// Whether `id` can name a folder: letters, digits, '_' and '-', beginning with a letter or digit.
bool is_connection_id(std::string_view id);

/// The connection to use: `requested`, else the only one. Throws a `connection` error if none is requested
/// and there is not exactly one.
std::string choose_connection(const Config& config, const std::optional<std::string>& requested);

/// The error for a connection that neither ktx.yaml nor a folder knows.
Error unknown_connection(const Config& config, const std::string& id);

/// What to do where a command needs a project and none is there.
inline constexpr const char* enter_a_project =
    "Run ktx inside a project, or name its folder with --project-dir; to make one: ktx setup";

/// The error for a folder without ktx.yaml. If there is a ktx.yml, which is not read, it says so in place of
/// `fix`.
Error no_config_file(const std::filesystem::path& directory, const std::string& fix);

/// Replaces the text of ktx.yaml in `directory` by what `edit` returns for it, whole or not at all.
/// Concurrent edits run one after the other; the file keeps its mode, and a symbolic link is followed.
/// Nothing is written if `edit` returns the text unchanged.
///
/// Throws a `project` error if there is no ktx.yaml or the result could not be loaded, what `edit` throws,
/// and an `io` error if the file cannot be written. The file is then unchanged.
void edit_config_file(const std::filesystem::path& directory,
                      const std::function<std::string(const std::string& text)>& edit);

/// Makes the folder `.ktx` of a project, for ktx's own files on this machine; a new one gets a `.gitignore`.
/// Throws an `io` error.
std::filesystem::path make_local_folder(const std::filesystem::path& directory);

/// The value of a setting: for `env:NAME` that variable's value, for `file:/path` the text of that file
/// without surrounding white space (a relative path counts from `project_directory`), and any other text
/// itself. `what` names the setting in errors: "connections.warehouse.url".
///
/// Throws a `connection` error if the variable is unset or empty, or the file cannot be read; a message never
/// shows the value.
std::string resolve_secret(const std::string& reference, const std::string& what,
                           const Environment& environment, const std::filesystem::path& project_directory);

}  // namespace ktx::project
