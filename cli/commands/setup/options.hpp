#pragma once

#include <CLI/App.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "context.hpp"
#include "ktx/semantic/driver.hpp"

namespace ktx::cli {

/// All options of `ktx setup`. What they leave open is asked on a terminal, and left for later elsewhere.
struct SetupOptions {
  app::InstallConsent policy;
  bool make_new = false;  ///< --new
  bool existing = false;

  std::vector<std::string> drivers;         ///< --database
  std::vector<std::string> connection_ids;  ///< --database-connection-id: existing connections
  std::optional<std::string> new_connection_id;
  std::optional<std::string> url;    ///< an address without a password, a reference, or the path of a file
  std::vector<std::string> schemas;  ///< --database-schema
  bool skip_databases = false;

  std::optional<std::string> embedding_backend;
  std::optional<std::string> embedding_key_variable;  ///< --embedding-api-key-env
  std::optional<std::string> embedding_key_file;
  bool skip_embeddings = false;

  std::optional<std::string> llm_key_variable;  ///< --anthropic-api-key-env
  std::optional<std::string> llm_key_file;
  std::optional<std::string> llm_model;
  bool skip_llm = false;

  bool agents = false;  ///< --agents: only write the files for agents
  std::vector<std::string> targets;
  bool global_scope = false;
  bool agent_instructions = true;  ///< --agent-install-mode: cli, mcp or both
  bool agent_entries = false;
  bool skip_agents = false;

  std::vector<std::string> unsupported;  ///< options that only a later version has
};

/// Adds all options to the command, including those of a later version. The result is filled when the command
/// line is parsed.
std::shared_ptr<SetupOptions> add_setup_options(CLI::App& command);

/// Throws a `usage` error for options that exclude each other or make no sense.
void check_setup_options(const SetupOptions& options);

/// Throws an `unsupported` error for the first option of a later version.
void refuse_later_options(const SetupOptions& options);

/// The drivers that setup offers, in order: first those without a server.
std::vector<const semantic::Driver*> offered_drivers();

/// The offered driver of exactly this name, in any case; nullptr if there is none. No aliases.
const semantic::Driver* find_offered(std::string_view name);

std::vector<std::string> offered_driver_names();

}  // namespace ktx::cli
