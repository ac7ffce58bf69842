#pragma once

#include <string>
#include <vector>

#include "ktx/project/config.hpp"
#include "setup/session.hpp"

namespace ktx::cli {

/// Writes a connection to ktx.yaml, read-only and with the schemas of the options, as a database of the
/// project. Throws a `connection` error if its id is taken by a different one.
void add_connection(SetupSession& session, SetupConnection connection);

/// Replaces a connection that this run has written. If the former one led to another place, what was made
/// from it is removed.
void replace_connection(SetupSession& session, const std::string& former_id, SetupConnection connection);

/// Removes a connection that this run has written from ktx.yaml, with everything that was made from it.
void withdraw_connection(SetupSession& session, const std::string& id);

/// Notes connections of ktx.yaml as databases of the project, in addition to those already noted.
void note_connections(SetupSession& session, const std::vector<std::string>& ids);

/// Notes connections of ktx.yaml as the only databases of the project.
void note_only(SetupSession& session, const std::vector<std::string>& ids);

/// The mapping of a connection in ktx.yaml.
Json settings_of(const project::Connection& connection);

/// The databases to read in this run: those without sources, and those whose sources this run made and may
/// replace.
std::vector<project::Connection> pending_connections(const SetupSession& session);

}  // namespace ktx::cli
