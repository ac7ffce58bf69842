#include "ktx/app/project_status.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "ktx/app/project_access.hpp"
#include "ktx/app/python_access.hpp"
#include "ktx/app/runtime_session.hpp"
#include "ktx/project/config.hpp"
#include "ktx/project/project.hpp"
#include "ktx/project/source_tree.hpp"
#include "ktx/semantic/driver.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/text.hpp"
#include "ktx/wiki/wiki.hpp"
#include "ktx/yaml/document.hpp"

namespace ktx::app {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 6> knowledge_drivers = {"dbt",    "metricflow", "metabase",
                                                               "looker", "lookml",     "notion"};
constexpr const char* local_model = "all-MiniLM-L6-v2";
constexpr std::int64_t local_dimensions = 384;

// The value at the path, or nullptr.
const yaml::Node* value_at(const yaml::Node& root, std::initializer_list<std::string_view> path) {
  const yaml::Node* node = &root;
  for (const std::string_view key : path) {
    node = node->find_value(key);
    if (node == nullptr) return nullptr;
  }
  return node;
}

std::optional<std::string> text_at(const yaml::Node& root, std::initializer_list<std::string_view> path) {
  const yaml::Node* node = value_at(root, path);
  return node == nullptr || node->text.empty() ? std::nullopt : std::optional(node->text);
}

// Collects the status of one project.
class StatusReading {
 public:
  StatusReading(const Session& session, const project::Project& project)
      : session_(session), project_(project) {
    // `project::Config` holds only what ktx itself uses; `llm` and `ingest` are read from the tree. That the
    // text parses is known from `load_project`.
    auto document = yaml::parse(read_file(project.directory / "ktx.yaml"));
    if (auto* root = std::get_if<yaml::Node>(&document)) root_ = std::move(*root);
  }

  ServiceStatus llm() const {
    ServiceStatus status{text_at(root_, {"llm", "provider", "backend"}), false};
    if (!status.backend || *status.backend == "none") return status;
    status.model = text_at(root_, {"llm", "models", "default"});
    const yaml::Node* settings = value_at(root_, {"llm", "provider", *status.backend});
    // A backend without settings of its own needs no key.
    status.ready = settings == nullptr || are_readable(*settings, "llm.provider", status.detail);
    return status;
  }

  ServiceStatus embeddings(const runtime::Status& runtime) const {
    const auto older = text_at(root_, {"ingest", "embeddings", "backend"});
    ServiceStatus status{project_.config.embeddings.backend, false};
    // Projects of older versions have the backend under `ingest`.
    if (!status.backend && older && *older != "deterministic") status.backend = older;
    const std::string backend = status.backend.value_or("onnx");
    if (backend == "none") return status;
    if (backend == "openai") {
      status.model = text_at(root_, {"ingest", "embeddings", "model"});
      const yaml::Node* settings = value_at(root_, {"ingest", "embeddings", "openai"});
      status.ready =
          settings != nullptr && are_readable(*settings, "ingest.embeddings.openai", status.detail);
      return status;
    }
    status.model = local_model;
    status.dimensions = local_dimensions;
    status.ready = runtime::is_ready(runtime, embedding_features(backend));
    if (!status.ready) status.detail = "ktx runtime install --feature local-embeddings --yes";
    return status;
  }

  void connections(ProjectStatus& status) const {
    for (const project::Connection& connection : project_.config.connections) {
      ConnectionStatus entry{connection.id, lower_case(connection.driver.value_or(""))};
      entry.ready = is_set_up(connection, entry.detail);
      const bool is_knowledge = std::ranges::find(knowledge_drivers, entry.driver) != knowledge_drivers.end();
      (is_knowledge ? status.sources : status.databases).push_back(std::move(entry));
    }
  }

 private:
  bool is_set_up(const project::Connection& connection, std::string& detail) const {
    const std::string what = "connections." + connection.id;
    if (!connection.driver || connection.driver->empty()) {
      detail = what + " names no driver";
      return false;
    }
    // Only the driver is there.
    if (connection.settings.members.size() < 2) {
      detail = what + " says nothing of where it is";
      return false;
    }
    return are_readable(connection.settings, what, detail) && has_its_file(connection, detail);
  }

  // Whether every reference to a secret below the node can be resolved. If not, `detail` says which.
  bool are_readable(const yaml::Node& node, const std::string& what, std::string& detail) const {
    for (const yaml::Member& member : node.members) {
      const std::string name = what + "." + member.key;
      if (!member.value.members.empty() && !are_readable(member.value, name, detail)) return false;
      if (!resolved(member.value.text, name, detail)) return false;
    }
    return true;
  }

  std::optional<std::string> resolved(const std::string& text, const std::string& what,
                                      std::string& detail) const {
    try {
      return project::resolve_secret(text, what, session_.environment, project_.directory);
    } catch (const Error& error) {
      detail = error.message();
      return std::nullopt;
    }
  }

  // The file of a database must exist. Servers are not contacted: `ktx status` is fast and works offline.
  bool has_its_file(const project::Connection& connection, std::string& detail) const {
    const semantic::Driver* driver = semantic::find_driver(connection.driver.value_or(""));
    if (driver == nullptr || !driver->is_file() || !connection.path || *connection.path == ":memory:")
      return true;
    const auto path = resolved(*connection.path, "path", detail);
    if (!path) return false;
    if (path_exists(project_.directory / *path)) return true;
    detail = "there is no file " + *path;
    return false;
  }

  const Session& session_;
  const project::Project& project_;
  yaml::Node root_;
};

ContextStatus context_status(const fs::path& directory) {
  ContextStatus status;
  for (const std::string& id : project::connections_with_sources(directory)) {
    project::SourceTree tree = project::load_source_tree(directory, id);
    status.sources += tree.count();
    for (const project::Source& source : tree.sources) status.measures += source.count("measures");
    std::ranges::move(tree.findings, std::back_inserter(status.findings));
  }
  wiki::Wiki wiki = wiki::load_wiki(directory, default_user);
  status.pages = wiki.pages.size();
  std::ranges::move(wiki.findings, std::back_inserter(status.findings));
  return status;
}

}  // namespace

ProjectStatus project_status(const Session& session, bool fast) {
  const auto directory = project::find_project_directory(session.project_directory, session.environment);
  const runtime::Status runtime = runtime_state(session.environment);
  ProjectStatus status;
  status.path = directory.string();
  status.runtime = runtime::name(runtime.kind);
  // A directory without a project is a state to show, not an error.
  if (!path_exists(directory / "ktx.yaml")) return status;
  const project::Project project = project::load_project(directory);
  status.name = project.config.project;
  const StatusReading reading(session, project);
  status.llm = reading.llm();
  status.embeddings = reading.embeddings(runtime);
  reading.connections(status);
  if (!fast) status.context = context_status(directory);
  // Findings in ktx.yaml first: they may explain the others.
  status.context.findings.insert(status.context.findings.begin(), project.config.findings.begin(),
                                 project.config.findings.end());
  status.agents = agents_set_up(directory, session.environment);
  return status;
}

}  // namespace ktx::app
