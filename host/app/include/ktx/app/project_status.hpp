#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ktx/app/agent_status.hpp"
#include "ktx/app/session.hpp"
#include "ktx/util/finding.hpp"

namespace ktx::app {

/// A service outside ktx that ktx.yaml configures. Only files and variables are looked at, never the service.
struct ServiceStatus {
  std::optional<std::string> backend;
  bool ready = false;
  std::optional<std::string> model = {};
  std::optional<std::int64_t> dimensions = {};
  std::string detail = {};  ///< why it is not ready; may be empty
};

struct ConnectionStatus {
  std::string id;
  std::string driver;
  bool ready = false;       ///< its settings are there, its secrets can be read, and its file exists
  std::string detail = {};  ///< why it is not ready
};

/// What the files of the project define.
struct ContextStatus {
  std::size_t sources = 0;
  std::size_t measures = 0;
  std::size_t pages = 0;
  std::vector<Finding> findings = {};

  bool ready() const { return sources > 0 && !has_errors(findings); }
};

/// Which parts of a project are set up.
struct ProjectStatus {
  std::string path;
  std::optional<std::string> name;  ///< std::nullopt if there is no project
  ServiceStatus llm;
  ServiceStatus embeddings;
  std::vector<ConnectionStatus> databases;
  std::vector<ConnectionStatus> sources;  ///< of knowledge: dbt, Metabase and the like
  ContextStatus context;
  std::vector<AgentSetUp> agents;
  std::string runtime;  ///< "ready", "missing", …

  bool exists() const { return name.has_value(); }
};

/// Looks only at ktx.yaml and other files: uses no network and starts no Python. With `fast` the semantic
/// layer is not read. Throws a `project` error if ktx.yaml is wrong.
ProjectStatus project_status(const Session& session, bool fast);

}  // namespace ktx::app
