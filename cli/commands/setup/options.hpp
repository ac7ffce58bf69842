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

/// Everything that `ktx setup` can be told by options. What is not told is asked on a terminal, and left for
/// later elsewhere.
struct SetupOptions {
  app::InstallConsent policy;
  bool make_new = false;  ///< --new
  bool existing = false;

  std::vector<std::string> drivers;         ///< --database
  std::vector<std::string> connection_ids;  ///< --database-connection-id: connections that are there
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

  bool agents = false;  ///< --agents: nothing but the files for agents
  std::vector<std::string> targets;
  bool global_scope = false;
  bool skip_agents = false;

  std::vector<std::string> unsupported;  ///< options of a later version that were given
};

/// Adds the options to the command, those of a later version too. What is returned is filled when the command
/// line has been parsed.
std::shared_ptr<SetupOptions> add_setup_options(CLI::App& command);

/// Throws a `usage` error for options that exclude each other or say something impossible.
void check_setup_options(const SetupOptions& options);

/// Throws an `unsupported` error that names the first option of a later version.
void refuse_later_options(const SetupOptions& options);

/// The drivers that setup asks for, in the order in which they are offered: first what needs no server.
std::vector<const semantic::Driver*> offered_drivers();

/// The one of that very name, whatever its case; null pointer when there is none.
const semantic::Driver* find_offered(std::string_view name);

std::vector<std::string> offered_driver_names();

}  // namespace ktx::cli
