#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/project/diagnostic.hpp"
#include "ktx/util/environment.hpp"
#include "ktx/yaml/node.hpp"

namespace ktx::project {

/// One entry of `connections`. Its mapping is open: each driver knows keys of its own.
struct Connection {
  std::string id;
  std::optional<std::string> driver;
  std::optional<std::string> url;   ///< may be a secret reference
  std::optional<std::string> path;  ///< may be a secret reference
  bool readonly = false;
  yaml::Node settings;                                 ///< the whole mapping, with places
  std::optional<std::string> timezone = std::nullopt;  ///< whose days are meant where nothing else says
};

/// How the project's own files are kept. `storage.state` and `storage.search` have one value each, so
/// they are not represented.
struct Storage {
  bool git_auto_commit = true;
  std::string git_author = "ktx <ktx@example.com>";
};

/// What local embeddings are made with.
struct Embeddings {
  /// "none" (not at all), "onnx" or "sentence-transformers", whose vectors are the same to 1e-6; absent when
  /// ktx.yaml does not say. A project of an older ktx asks with `ingest.embeddings.backend`, which means
  /// "onnx".
  std::optional<std::string> backend;
};

/// What `ktx setup` has written down about itself.
struct SetupRecord {
  std::vector<std::string> database_connection_ids;
  std::vector<std::string>
      completed_steps;  ///< project, llm, embeddings, databases, sources, context, agents
};

/// What ktx.yaml says. Unknown keys are left alone; a value of the wrong type falls back to its default
/// and leaves a warning in `findings`.
struct Config {
  std::string project;
  std::vector<Connection> connections;  ///< in the order of the file
  Storage storage;
  Embeddings embeddings;
  SetupRecord setup;
  std::vector<Diagnostic> findings;  ///< warnings only

  /// nullptr if there is none.
  const Connection* find_connection(std::string_view id) const;
};

/// Reads the text of ktx.yaml; `file` names it in messages. Throws a `project` error, with the place,
/// when it is no mapping, lacks `project`, or holds a key or a choice that is no longer understood.
Config parse_config(std::string_view text, const std::string& file);

/// Whether `id` can name a folder: letters, digits, '_' and '-', beginning with a letter or digit.
bool is_connection_id(std::string_view id);

/// The connection that is meant: `requested`, else the only one there is. Throws a `connection` error
/// when none is requested and there is not exactly one.
std::string choose_connection(const Config& config, const std::optional<std::string>& requested);

/// The error for a connection that neither ktx.yaml nor a folder knows.
Error unknown_connection(const Config& config, const std::string& id);

/// Puts what `edit` makes of the text of ktx.yaml in `directory` in the file's place, whole or not at all.
/// Two that edit at once do it one after the other; the file's mode stays, and where it is a symbolic link,
/// the file behind it changes. Nothing is written when `edit` returns the text as it was.
///
/// Throws a `project` error when there is no ktx.yaml, when the result could not be loaded as one, and what
/// `edit` throws; an `io` error when the file cannot be written. It is then as it was.
void edit_config_file(const std::filesystem::path& directory,
                      const std::function<std::string(const std::string& text)>& edit);

/// Makes the folder `.ktx` of a project, for what ktx keeps there on this machine, with a `.gitignore` unless
/// it has one. Throws an `io` error.
std::filesystem::path make_local_folder(const std::filesystem::path& directory);

/// The value that a setting stands for: `env:NAME` is that variable's value, `file:/path` the text of
/// that file without surrounding white space (a relative path counts from `project_directory`), and
/// anything else is itself. `what` names the setting in errors: "connections.warehouse.url".
///
/// Throws a `connection` error when the variable is unset or empty, or the file cannot be read; a
/// message never shows the value.
std::string resolve_secret(const std::string& reference, const std::string& what,
                           const Environment& environment, const std::filesystem::path& project_directory);

}  // namespace ktx::project
